export type { DownloadOptions, Progress } from './download';
export { FashionMNIST, MNIST, type MNISTOptions } from './mnist';
