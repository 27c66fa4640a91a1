import { numbersOf, readGolden, type TensorJson } from '../support/fixtures';

export type { TensorJson };
export const elements = numbersOf;

/** The cases of spec/golden/<name>.json. */
export function golden<C>(name: string): C[] {
  return readGolden<C>(name).cases;
}

export function isTensorJson(value: unknown): value is TensorJson {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'shape' in value;
}

/** Python's names in a message as Flambeau spells them: batch_size → batchSize. */
export function camel(message: string): string {
  return message.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()).replaceAll('=None', '=null');
}
