export * as datasets from './datasets';
export { Image } from './image';
export * as ops from './ops';
export * as transforms from './transforms';
