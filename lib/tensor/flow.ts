import type { Edge, Node } from './graph';
import { track } from './memory';
import type { Tensor } from './tensor';

/** Gradients on their way through the graph; each is freed when its last reader is done, unless the program has seen it. */
export class Flow {
  #readers = new Map<Tensor, number>();
  #pending = new Map<Node, (Tensor | null)[]>();

  /** Tensors made inside the pass, which nobody else knows. */
  own(tensor: Tensor): void {
    if (!this.#readers.has(tensor)) this.#readers.set(tensor, 0);
  }

  /** The program may keep `tensor` from here on. */
  escape(tensor: Tensor): void {
    if (this.#readers.delete(tensor)) track(tensor);
  }

  /** Adds `grad` to what flows into `edge`. */
  add({ node, index }: Edge, grad: Tensor, sum: (a: Tensor, b: Tensor) => Tensor): void {
    let slots = this.#pending.get(node);
    if (!slots) this.#pending.set(node, (slots = []));
    const present = slots[index];
    const total = present ? sum(present, grad) : grad;
    this.#hold(total);
    slots[index] = total;
    if (present) {
      this.#drop(present);
      this.#hold(grad);
      this.#drop(grad);
    }
  }

  take(node: Node): (Tensor | null)[] | undefined {
    const slots = this.#pending.get(node);
    this.#pending.delete(node);
    return slots;
  }

  /** The reader of `grads` is done with them. */
  done(grads: readonly (Tensor | null | undefined)[]): void {
    for (const grad of grads) if (grad) this.#drop(grad);
  }

  /** Moves `grad` out of the pass if its reader, the caller, is the only one. */
  claim(grad: Tensor): boolean {
    if (this.#readers.get(grad) !== 1) return false;
    this.#readers.delete(grad);
    return true;
  }

  /** Frees what is left after an error. */
  clear(): void {
    for (const tensor of this.#readers.keys()) tensor._free('backward ended with an error');
    this.#readers.clear();
  }

  #hold(tensor: Tensor): void {
    const count = this.#readers.get(tensor);
    if (count !== undefined) this.#readers.set(tensor, count + 1);
  }

  #drop(tensor: Tensor): void {
    const count = this.#readers.get(tensor);
    if (count === undefined) return;
    if (count > 1) this.#readers.set(tensor, count - 1);
    else {
      this.#readers.delete(tensor);
      tensor._free('backward was done with it');
    }
  }
}
