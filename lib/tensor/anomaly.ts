import path from 'node:path';
import { type Optional, readArgs } from '../args';
import { RuntimeError } from '../errors';
import { currentContext, inContext } from './context';
import type { Node } from './graph';
import type { Tensor } from './tensor';

/** Where an operation was called, and the node whose gradient it computed, if it did. */
export interface Origin {
  readonly stack: string;
  readonly inducedBy: Node | null;
}

// A program that never asks for it pays one look at this.
let everEnabled = false;
let differentiating: Node | null = null;

const DEFAULTS = { checkNan: true };
type CheckNan = Optional<'checkNan', boolean>;

/**
 * Runs `fn`, sync or async, with anomaly detection: a backward that fails, or whose operation gives NaN, throws an error that
 * names the operation and shows where it was called. `checkNan: false` leaves NaN alone. Slow: for debugging. See
 * torch.autograd.detect_anomaly.
 */
export function detectAnomaly<R>(fn: () => R, ...rest: CheckNan): R {
  const { checkNan } = readArgs('detectAnomaly', rest, DEFAULTS);
  everEnabled = true;
  console.warn(
    'Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.',
  );
  return inContext('detectAnomaly', { anomaly: { enabled: true, checkNan } }, fn);
}

/** {@link detectAnomaly} on or off for the rest of the program, or of the isolated that it is called in. See torch.autograd.set_detect_anomaly. */
export function setDetectAnomaly(mode: boolean, ...rest: CheckNan): void {
  if (typeof mode !== 'boolean') throw new TypeError(`setDetectAnomaly: mode must be a boolean, got ${String(mode)}`);
  const { checkNan } = readArgs('setDetectAnomaly', rest, DEFAULTS);
  everEnabled ||= mode;
  Object.assign(currentContext().anomaly, { enabled: mode, checkNan });
}

/** True where {@link detectAnomaly} is on. See torch.is_anomaly_enabled. */
export function isAnomalyEnabled(): boolean {
  return everEnabled && currentContext().anomaly.enabled;
}

/** True where {@link detectAnomaly}, if it is on, minds NaN. See torch.is_anomaly_check_nan_enabled. */
export function isAnomalyCheckNanEnabled(): boolean {
  return currentContext().anomaly.checkNan;
}

/** For a new node: where its operation is being called, if anybody wants to know. */
export function originNow(): Origin | null {
  return isAnomalyEnabled() ? { stack: stackOfCaller(), inducedBy: differentiating } : null;
}

const LIBRARY = path.resolve(__dirname, '..') + path.sep;

/** The stack from the program's call into the library on. */
function stackOfCaller(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  const frames = stack.split('\n').slice(1);
  return frames.filter((frame) => !frame.includes(LIBRARY)).join('\n');
}

/** Computes the gradients of `node`'s inputs; under anomaly detection an error, or a NaN, says where the operation was called. */
export function watched(node: Node, apply: () => (Tensor | null)[]): (Tensor | null)[] {
  if (!isAnomalyEnabled()) return apply();
  const outer = differentiating;
  differentiating = node;
  try {
    const grads = apply();
    if (isAnomalyCheckNanEnabled()) grads.forEach((grad, i) => refuseNan(node, grad, i));
    return grads;
  } catch (error) {
    if (error instanceof Error && outer === null) error.message += traceback(node);
    throw error;
  } finally {
    differentiating = outer;
  }
}

function refuseNan(node: Node, grad: Tensor | null, index: number): void {
  if (grad?.dtype !== 'float32' || !(grad.toTypedArray() as Float32Array).some(Number.isNaN)) return;
  throw new RuntimeError(`Function '${node.name}' returned nan values in its ${index}th output.`);
}

/** As PyTorch's warning says it. */
function traceback({ name, origin }: Node): string {
  if (!origin) {
    return (
      `\nError detected in ${name}. No forward pass information available. Enable detect anomaly during forward pass for more ` +
      'information.'
    );
  }
  let text = `\nError detected in ${name}. Traceback of forward call that caused the error:\n${origin.stack}`;
  for (let node = origin.inducedBy; node; node = node.origin?.inducedBy ?? null) {
    text += `\nPrevious calculation was induced by ${node.name}.`;
    if (node.origin) text += ` Traceback of forward call that induced the previous calculation:\n${node.origin.stack}`;
  }
  return text;
}
