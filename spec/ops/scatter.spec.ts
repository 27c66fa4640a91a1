import { describeGolden } from '../support/golden';
import { describeInPlace } from '../support/inPlace';

describeGolden('ops_scatter');
describeInPlace('ops_scatter_inplace');
