import { RuntimeError, ValueError } from '../errors';
import { Tensor } from '../tensor/tensor';
import { show } from './dims';
import { reshapeTo } from './layout';
import { bmm } from './matmul';

/** A tensor whose dimensions have names: letters, and '.0', '.1' … for those of an ellipsis, from the last. */
interface Labelled {
  x: Tensor;
  labels: string[];
}

/**
 * Sums of products by Einstein's convention: `einsum('bij,bjk->bik', a, b)`. Subscripts are letters; '...' stands for
 * dimensions that broadcast; a letter repeated in one operand takes a diagonal; without '->' the letters that occur once
 * remain, in alphabetical order. Operands are contracted from left to right. Also as `einsum(a, [0, 1], b, [1, 2], [0, 2])`, each
 * operand followed by its subscripts as numbers below 52 and '...', and those of the output last. See torch.einsum.
 */
export function einsum(equation: string, ...operands: Tensor[] | [readonly Tensor[]]): Tensor;
export function einsum(operand: Tensor, ...sublists: (Tensor | Sublist)[]): Tensor;
export function einsum(first: string | Tensor, ...rest: (Tensor | readonly Tensor[] | Sublist)[]): Tensor {
  if (!(first instanceof Tensor)) return byEquation(first, ...(rest as Tensor[]));
  const items = [first, ...rest] as (Tensor | Sublist)[];
  const output = items.length % 2 === 1 ? `->${letters(items.pop() as Sublist)}` : '';
  const terms = items.filter((_, i) => i % 2 === 1).map((list) => letters(list as Sublist));
  return byEquation(terms.join(',') + output, ...(items.filter((_, i) => i % 2 === 0) as Tensor[]));
}

/** Subscripts as numbers. */
type Sublist = readonly (number | '...')[];

/** As PyTorch numbers them: A … Z, a … z. */
function letters(list: Sublist): string {
  if (!Array.isArray(list))
    throw new TypeError('einsum(): each operand must be followed by the array of its subscripts');
  const name = (n: number) => String.fromCharCode(n < 26 ? 65 + n : 71 + n);
  return list
    .map((s: number | '...') => {
      if (s === '...') return s;
      if (Number.isInteger(s) && s >= 0 && s < 52) return name(s);
      throw new ValueError(`einsum(): subscript in subscript list is not within the valid range [0, 52), got ${s}`);
    })
    .join('');
}

function byEquation(equation: string, ...operands: Tensor[] | [readonly Tensor[]]): Tensor {
  const list = (operands.length === 1 && Array.isArray(operands[0]) ? operands[0] : operands) as Tensor[];
  if (typeof equation !== 'string' || list.length === 0) {
    throw new ValueError('einsum(): must specify the equation string and at least one operand');
  }
  const odd = list.find((x) => !(x instanceof Tensor));
  if (odd !== undefined) throw new TypeError(`einsum(): operands must be Tensors, got ${typeof odd}`);
  const [left, right] = split(equation.replaceAll(' ', ''));
  const terms = left.split(',').map((term, i) => parse(term, i));
  if (terms.length > list.length) {
    throw new RuntimeError('einsum(): fewer operands were provided than specified in the equation');
  }
  if (terms.length < list.length) {
    throw new RuntimeError('einsum(): more operands were provided than specified in the equation');
  }
  const labelled = list.map((x, i) => nameDims(x, terms[i]!, i));
  const output = right === null ? implicitOutput(labelled) : explicitOutput(right, labelled);
  const parts = dropOnes(labelled.map(diagonals));
  return arranged(contractAll(parts, output), output);
}

function split(equation: string): [string, string | null] {
  const at = equation.indexOf('->');
  return at < 0 ? [equation, null] : [equation.slice(0, at), equation.slice(at + 2)];
}

/** The subscripts of one term; '...' is one of them. */
function parse(term: string, operand: number | null): string[] {
  const place = operand === null ? 'the output' : `operand ${operand}`;
  const subscripts: string[] = [];
  for (let i = 0; i < term.length; i++) {
    const symbol = term[i]!;
    if (symbol === '.') {
      if (subscripts.includes('...')) {
        throw new RuntimeError(`einsum(): found '.' for ${place} for which an ellipsis was already found`);
      }
      if (term.slice(i, i + 3) !== '...') {
        throw new RuntimeError(`einsum(): found '.' for ${place} that is not part of any ellipsis`);
      }
      subscripts.push('...');
      i += 2;
    } else if (/[a-zA-Z]/.test(symbol)) subscripts.push(symbol);
    else {
      throw new RuntimeError(
        `einsum(): invalid subscript given at index ${i} in the equation string, subscripts must be in [a-zA-Z], got ` +
          `'${symbol}' for ${place}`,
      );
    }
  }
  return subscripts;
}

function nameDims(x: Tensor, subscripts: readonly string[], operand: number): Labelled {
  const dots = subscripts.includes('...');
  const letters = subscripts.length - Number(dots);
  if (dots ? letters > x.ndim : letters !== x.ndim) {
    throw new RuntimeError(
      `einsum(): the number of subscripts in the equation (${letters}) ${dots ? 'is more than' : 'does not match'} the number of ` +
        `dimensions (${x.ndim}) for operand ${operand}${dots ? '' : ' and no ellipsis was given'}`,
    );
  }
  return { x, labels: subscripts.flatMap((s) => (s === '...' ? ellipsis(x.ndim - letters) : [s])) };
}

const ellipsis = (n: number) => Array.from({ length: n }, (_, i) => `.${n - 1 - i}`);

/** A label that is repeated becomes one, along the diagonal. */
function diagonals({ x, labels }: Labelled, operand: number): Labelled {
  const first = labels.findIndex((label, i) => labels.indexOf(label, i + 1) >= 0);
  if (first < 0) return { x, labels };
  const label = labels[first]!;
  const second = labels.indexOf(label, first + 1);
  const [n, m] = [x.shape[first]!, x.shape[second]!];
  if (n !== m) {
    throw new RuntimeError(
      `einsum(): subscript ${label} is repeated for operand ${operand} but the sizes don't match, ${m} != ${n}`,
    );
  }
  const others = labels.filter((_, i) => i !== first && i !== second);
  return diagonals({ x: x.diagonal(0, { dim1: first, dim2: second }), labels: [...others, label] }, operand);
}

const isDots = (label: string) => label.startsWith('.');

/** The dimensions of the widest ellipsis. */
function ellipsisOf(parts: readonly Labelled[]): string[] {
  return ellipsis(Math.max(0, ...parts.map(({ labels }) => labels.filter(isDots).length)));
}

/** The ellipsis, then the letters that occur once in all, sorted. */
function implicitOutput(parts: readonly Labelled[]): string[] {
  const all = parts.flatMap(({ labels }) => labels).filter((label) => !isDots(label));
  const once = all.filter((label) => all.indexOf(label) === all.lastIndexOf(label));
  return [...ellipsisOf(parts), ...once.sort()];
}

function explicitOutput(right: string, parts: readonly Labelled[]): string[] {
  const subscripts = parse(right, null);
  const twice = subscripts.find((s, i) => subscripts.indexOf(s) !== i);
  if (twice) throw new RuntimeError(`einsum(): output subscript ${twice} appears more than once in the output`);
  const unknown = subscripts.find((s) => s !== '...' && !parts.some(({ labels }) => labels.includes(s)));
  if (unknown) {
    throw new RuntimeError(
      `einsum(): output subscript ${unknown} does not appear in the equation for any input operand`,
    );
  }
  return subscripts.flatMap((s) => (s === '...' ? ellipsisOf(parts) : [s]));
}

/** Where another operand has more under a label, a dimension of size 1 would only be broadcast: it goes. */
function dropOnes(parts: readonly Labelled[]): Labelled[] {
  const sizes = new Map<string, number>();
  parts.forEach(({ x, labels }, operand) => {
    labels.forEach((label, i) => {
      const [size, seen] = [x.shape[i]!, sizes.get(label) ?? 1];
      if (size !== seen && size !== 1 && seen !== 1) {
        throw new RuntimeError(
          `einsum(): subscript ${label} has size ${size} for operand ${operand} which does not broadcast with previously seen size ${seen}`,
        );
      }
      if (size !== 1) sizes.set(label, size);
    });
  });
  return parts.map(({ x, labels }) => {
    const kept = labels.filter((label, i) => x.shape[i] !== 1 || !sizes.has(label));
    if (kept.length === labels.length) return { x, labels };
    return {
      x: reshapeTo(
        x,
        kept.map((label) => x.shape[labels.indexOf(label)]!),
      ),
      labels: kept,
    };
  });
}

function contractAll([first, ...rest]: readonly Labelled[], output: readonly string[]): Labelled {
  let result = first!;
  rest.forEach((part, i) => {
    const later = new Set([...output, ...rest.slice(i + 1).flatMap(({ labels }) => labels)]);
    result = contract(summed(result, later, part.labels), summed(part, later, result.labels), later);
  });
  return summed(result, new Set(output), []);
}

/** `part` summed over what nobody else needs. */
function summed({ x, labels }: Labelled, later: ReadonlySet<string>, other: readonly string[]): Labelled {
  const needed = (label: string) => later.has(label) || other.includes(label);
  const dims = labels.flatMap((label, i) => (needed(label) ? [] : [i]));
  return dims.length === 0 ? { x, labels } : { x: x.sum(dims), labels: labels.filter(needed) };
}

/** Two operands as one batched matrix product: labels of both that stay are the batch, those that go are summed. */
function contract(a: Labelled, b: Labelled, later: ReadonlySet<string>): Labelled {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => later.has(label));
  const inner = shared.filter((label) => !later.has(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const size = (of: Labelled, labels: readonly string[]) =>
    labels.map((label) => of.x.shape[of.labels.indexOf(label)]!);
  const count = (of: Labelled, labels: readonly string[]) => size(of, labels).reduce((n, m) => n * m, 1);
  const x = reshapeTo(arranged(a, [...batch, ...rows, ...inner]), [count(a, batch), count(a, rows), count(a, inner)]);
  const y = reshapeTo(arranged(b, [...batch, ...inner, ...columns]), [
    count(b, batch),
    count(b, inner),
    count(b, columns),
  ]);
  const shape = [...size(a, batch), ...size(a, rows), ...size(b, columns)];
  return { x: reshapeTo(bmm(x, y), shape), labels: [...batch, ...rows, ...columns] };
}

/** The dimensions in the order of `labels`. */
function arranged({ x, labels }: Labelled, order: readonly string[]): Tensor {
  if (order.length !== labels.length) throw new RuntimeError(`einsum(): ${show(labels)} cannot become ${show(order)}`);
  return x.permute(order.map((label) => labels.indexOf(label)));
}
