export {
  clipGradNorm,
  clipGradNorm_,
  clipGradsWithNorm_,
  clipGradValue_,
  getTotalNorm,
  type NormType,
} from './clipGrad';
export { parametersToVector, vectorToParameters } from './convertParameters';
