export * as datasets from './datasets';
export { Image } from './image';
export * as transforms from './transforms';
