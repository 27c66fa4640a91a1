/** What programs set once, and what it can mean here. */
import { noMore, readArgs } from '../args';
import { numThreads } from '../backend/engine';
import { RuntimeError } from '../errors';

let deterministic = { mode: false, warnOnly: false };

/** Accepted: every operation here gives the same each time. See torch.use_deterministic_algorithms. */
export function useDeterministicAlgorithms(mode: boolean, ...rest: [options?: { warnOnly?: boolean }]): void {
  if (typeof mode !== 'boolean') {
    throw new TypeError(`useDeterministicAlgorithms: mode must be a boolean, got ${String(mode)}`);
  }
  deterministic = { mode, ...readArgs('useDeterministicAlgorithms', rest, { warnOnly: false }, 0) };
}

/** What {@link useDeterministicAlgorithms} was last told. See torch.are_deterministic_algorithms_enabled. */
export function areDeterministicAlgorithmsEnabled(): boolean {
  return deterministic.mode;
}

let precision = 'highest';

/** 'highest' unless {@link setFloat32MatmulPrecision} said otherwise. See torch.get_float32_matmul_precision. */
export function getFloat32MatmulPrecision(): string {
  return precision;
}

/** Accepted: products are always computed in full float32, as PyTorch's are on the cpu. See torch.set_float32_matmul_precision. */
export function setFloat32MatmulPrecision(value: 'highest' | 'high' | 'medium'): void {
  if (!['highest', 'high', 'medium'].includes(value)) {
    throw new RuntimeError(`setFloat32MatmulPrecision: must be one of: highest, high, medium, got ${String(value)}`);
  }
  precision = value;
}

/** Threads that one operation is computed on. See torch.get_num_threads. */
export function getNumThreads(): number {
  return numThreads();
}

/**
 * Accepts the number in use; any other is refused: libtensorflow starts its threads once, when it is loaded, as many as
 * the environment variable TF_NUM_INTRAOP_THREADS says, else one for each core. See torch.set_num_threads.
 */
export function setNumThreads(int: number): void {
  noMore('setNumThreads(int)', arguments.length, 1);
  if (!Number.isInteger(int) || int < 1) {
    throw new RuntimeError(`set_num_threads expects a positive integer, got ${String(int)}`);
  }
  if (int === numThreads()) return;
  throw new RuntimeError(
    `setNumThreads: ${numThreads()} were started when this program began, and cannot become ${int}; set the environment ` +
      `variable TF_NUM_INTRAOP_THREADS=${int} before it`,
  );
}
