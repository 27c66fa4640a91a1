/** torchvision.ops: boxes and the losses of detection. */

export {
  type BoxFormat,
  boxArea,
  boxConvert,
  boxIou,
  completeBoxIou,
  distanceBoxIou,
  generalizedBoxIou,
  nms,
} from './boxes';
export {
  type BoxLossOptions,
  completeBoxIouLoss,
  distanceBoxIouLoss,
  generalizedBoxIouLoss,
} from './boxLosses';
export { type SigmoidFocalLossOptions, sigmoidFocalLoss } from './focalLoss';
