import './matmul';
import './relu';
import './select';
import './softmaxCrossEntropy';
import './optimizers';
