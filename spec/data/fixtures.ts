import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A tensor as spec/reference/golden.py writes it. */
export interface TensorJson {
  shape: number[];
  dtype: 'float32' | 'int32' | 'bool';
  data?: (number | boolean | string)[];
  base64?: string;
}

/** The cases of spec/golden/<name>.json. */
export function golden<C>(name: string): C[] {
  const file = path.join(__dirname, '../golden', `${name}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: C[] }).cases;
}

/** The elements, flat; booleans as 0 and 1. */
export function elements({ dtype, data, base64 }: TensorJson): number[] {
  if (data) return data.map(Number);
  const bytes = Uint8Array.from(Buffer.from(base64!, 'base64'));
  if (dtype === 'bool') return Array.from(bytes);
  return Array.from(dtype === 'int32' ? new Int32Array(bytes.buffer) : new Float32Array(bytes.buffer));
}

export function isTensorJson(value: unknown): value is TensorJson {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'shape' in value;
}

/** Python's names in a message as Flambeau spells them: batch_size → batchSize. */
export function camel(message: string): string {
  return message.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()).replaceAll('=None', '=null');
}
