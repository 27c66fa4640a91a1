import { isGradEnabled, withGrad } from './context';
import type { Tensor } from './tensor';

/** A movement of elements: reshaping, transposing, selecting; each element of its result is one of `x`. */
export type Move = (x: Tensor) => Tensor;

/** What a view shows: a movement of its base, the tensor that owns the elements, and when it was made. */
export class View {
  readonly base: Tensor;
  readonly move: Move;
  readonly #recorded: boolean;
  #seen: number;

  /** `input` may be a view itself; the base is the one that owns the elements. */
  constructor(input: Tensor, move: Move, recorded = isGradEnabled()) {
    const outer = input._view;
    this.base = outer ? outer.base : input;
    this.move = outer ? (x) => move(outer.move(x)) : move;
    this.#recorded = recorded;
    this.#seen = this.base._version;
  }

  isStale(): boolean {
    return this.#seen !== this.base._version;
  }

  /** The movement anew, recorded if the view was. */
  show(): Tensor {
    this.#seen = this.base._version;
    return withGrad(this.#recorded, () => this.move(this.base));
  }

  /** The same view of the base without its history. */
  detach(): View {
    return new View(this.base.detach(), this.move, false);
  }
}
