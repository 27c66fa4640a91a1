import { isGradEnabled, withGrad } from './context';
import { rowMajor, type StrideRule } from './strides';
import type { Tensor } from './tensor';

/** A movement of elements: reshaping, transposing, selecting; each element of its result is one of `x`. */
export type Move = (x: Tensor) => Tensor;

/** What a view shows: a movement of its base, the tensor that owns the elements, and when it was made. */
export class View {
  readonly base: Tensor;
  readonly move: Move;
  /** How far apart in the base its elements lie. */
  readonly strides: () => readonly number[];
  /** Whether it was made while recording. */
  readonly recorded: boolean;
  #seen: number;

  private constructor(base: Tensor, move: Move, strides: View['strides'], recorded: boolean) {
    this.base = base;
    this.move = move;
    this.strides = strides;
    this.recorded = recorded;
    this.#seen = base._version;
  }

  /** Of `input`, which may be a view itself; the base is the one that owns the elements. */
  static of(input: Tensor, move: Move, rule: StrideRule): View {
    const { _view: outer, shape } = input;
    const strides = () => rule(outer ? outer.strides() : rowMajor(shape), shape);
    return outer
      ? new View(outer.base, (x) => move(outer.move(x)), strides, isGradEnabled())
      : new View(input, move, strides, isGradEnabled());
  }

  isStale(): boolean {
    return this.#seen !== this.base._version;
  }

  /** The movement anew, recorded if the view was. */
  show(): Tensor {
    this.#seen = this.base._version;
    return withGrad(this.recorded, () => this.move(this.base));
  }

  /** The same view of another base, without a history. */
  onto(base: Tensor): View {
    return new View(base, this.move, this.strides, false);
  }
}
