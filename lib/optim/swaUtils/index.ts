export { AveragedModel, type AveragedModelOptions } from './averagedModel';
export {
  type AvgFn,
  getEmaAvgFn,
  getEmaMultiAvgFn,
  getSwaAvgFn,
  getSwaMultiAvgFn,
  type MultiAvgFn,
} from './averages';
export { SWALR, type SWALROptions } from './swaLR';
export { updateBn } from './updateBn';
