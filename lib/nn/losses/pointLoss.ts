/** What losses of numbers against targets share: one kernel for the loss and its slope, differentiable twice. */
import { runMulti, type Value } from '../../backend/engine';
import type { PointLoss as Attrs, PointLossKind } from '../../backend/kernels/pointLoss';
import { RuntimeError } from '../../errors';
import { broadcastShape } from '../../ops/define';
import { sameShape } from '../../ops/dims';
import { expandTo } from '../../ops/layout';
import { recordMulti } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { checkReduction, type Reduction } from '../reduction';

export interface PointLoss {
  readonly kind: PointLossKind;
  /** The node's name after PyTorch's. */
  readonly node: string | Record<Reduction, string>;
  readonly bound?: number;
  /** A factor of all losses. */
  readonly scale?: number;
  /**
   * The derivative by the target, beside that by the input, `slopes`; `share` is the part of one element in the result. Left out
   * where PyTorch has none.
   */
  targetSlope?(x: Tensor, t: Tensor, slopes: Tensor, share: number): Tensor;
  /** The second derivative by the input; left out where it is 0. */
  curvature?(x: Tensor, t: Tensor): Tensor | number;
  /** The derivative of the slope by the target; left out where it is 0. */
  cross?(x: Tensor, t: Tensor): Tensor | number;
}

/** The losses of `input` by `target`, as float32 and broadcast; reduced. */
export function pointLoss(input: Tensor, target: Tensor, reduction: Reduction, how: PointLoss): Tensor {
  checkReduction(reduction);
  const shape = broadcastShape(input.shape, target.shape);
  const wide = (x: Tensor) => (sameShape(x.shape, shape) ? x.float() : expandTo(x.float(), shape));
  const [x, t] = [wide(input), wide(target)];
  const { kind, node, bound = 0, scale = 1 } = how;
  const values = runOnPoints({ x: x._value, t: t._value }, { kind, reduction, bound, scale });
  const share = reduction === 'mean' ? scale / x._size : scale;
  const [losses] = recordMulti(
    values,
    { name: typeof node === 'string' ? node : node[reduction], inputs: [x, t], saves: [x, t] },
    ([, slopes]) =>
      ([g, gSlopes], needed) => {
        const second = (of?: (x: Tensor, t: Tensor) => Tensor | number) =>
          gSlopes && of ? gSlopes.mul(of(x, t)).mul(share) : null;
        return [
          needed[0] ? total(g?.mul(slopes!), second(how.curvature)) : null,
          needed[1] ? total(how.targetSlope && g?.mul(how.targetSlope(x, t, slopes!, share)), second(how.cross)) : null,
        ];
      },
    ([, slopes]) => [slopes!],
  );
  return losses!;
}

/** The sum of what there is of the two. */
export const total = (a: Tensor | null | undefined, b: Tensor | null): Tensor | null => (a && b ? a.add(b) : (a ?? b));

function runOnPoints(inputs: Record<string, Value>, attrs: Attrs): Value[] {
  try {
    return runMulti('PointLoss', inputs, attrs);
  } catch (cause) {
    const found = /all elements of .* index \d+/.exec((cause as Error).message);
    throw found ? new RuntimeError(found[0], { cause }) : cause;
  }
}

/** The nodes of what PyTorch composes and reduces last. */
export const composed = (none: string): Record<Reduction, string> => ({ none, mean: 'Mean', sum: 'Sum' });

/** For losses of the difference alone. */
export const opposite = (_x: Tensor, _t: Tensor, slopes: Tensor): Tensor => slopes.neg();
