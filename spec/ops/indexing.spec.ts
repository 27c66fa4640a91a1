import * as f from '../../lib';
import { type Subscript, slice, type Tensor, tensor } from '../../lib';
import { decode, expectClose, readGolden, type TensorJson } from '../support/fixtures';
import { stillThere } from '../support/leaks';

type SubscriptJson =
  | number
  | null
  | '...'
  | TensorJson
  | { slice: [number | null, number | null, number | null] }
  | { list: never[] };
interface Case {
  kind?: 'put';
  name: string;
  x: TensorJson;
  subscripts: SubscriptJson[];
  accumulate: boolean;
  value: TensorJson;
  out: TensorJson;
  cotangent: TensorJson;
  grad: TensorJson;
  valueGrad: TensorJson;
  throws?: string;
}

const { cases } = readGolden<Case>('indexing');

function revive(item: SubscriptJson): Subscript {
  if (typeof item !== 'object' || item === null) return item;
  if ('slice' in item) return slice(...item.slice);
  return 'list' in item ? item.list : decode(item);
}

function read(c: Case): void {
  const x = decode(c.x).requiresGrad_();
  const out = x.index(...c.subscripts.map(revive));
  expectClose(out, c.out);
  out.backward(decode(c.cotangent));
  expectClose(x.grad!, c.grad);
}

function put(c: Case): void {
  const [x, value] = [decode(c.x).requiresGrad_(), decode(c.value).requiresGrad_()];
  const out = x.clone().indexPut_(c.subscripts.map(revive), value, { accumulate: c.accumulate });
  expectClose(out, c.out);
  out.backward(decode(c.cotangent));
  expectClose(x.grad!, c.grad);
  expectClose(value.grad!, c.valueGrad);
}

describe('indices of every kind', () => {
  it.each(cases.map((c): [string, Case] => [c.name, c]))('%s', (_name, c) => {
    if (c.throws === undefined) return (c.kind === 'put' ? put : read)(c);
    const refused = () => {
      const x = decode(c.x);
      const subscripts = c.subscripts.map(revive);
      return c.kind === 'put' ? x.indexPut_(subscripts, decode(c.value)) : x.index(...subscripts);
    };
    // PyTorch speaks of an expansion where the indices are slices.
    const words =
      c.kind === 'put' ? 'shape mismatch: value tensor' : c.throws.replace('long, int, byte or bool', 'int32 or bool');
    expect(refused).toThrow(words);
    return undefined;
  });

  it('leak nothing', async () => {
    const before = f.memory().numTensors;
    for (const c of cases) {
      try {
        (c.kind === 'put' ? put : read)(c);
      } catch {}
    }
    expect(await stillThere(before)).toBe(0);
  });

  it('second derivatives are right', () => {
    const x = f.randn(3, 4, { requiresGrad: true });
    const places = f.LongTensor([0, 2, 0]);
    expect(f.autograd.gradgradcheck((t) => t.index(places, slice(1, 3)).pow(3), x)).toBe(true);
    const written = (t: Tensor, v: Tensor) => t.mul(1).indexPut_([places, 0], v.pow(2), { accumulate: true }).pow(3);
    expect(f.autograd.gradgradcheck(written, [x, f.randn(3, { requiresGrad: true })])).toBe(true);
  });
});

describe('views by index', () => {
  it('write through, also in chains', () => {
    const pe = f.zeros(4, 6);
    pe.index(slice(null), slice(0, null, 2)).copy_(f.ones(4, 3));
    pe.index(slice(1, 3)).index('...', 1).fill_(7);
    expect(pe.tolist()).toEqual([
      [1, 0, 1, 0, 1, 0],
      [1, 7, 1, 0, 1, 0],
      [1, 7, 1, 0, 1, 0],
      [1, 0, 1, 0, 1, 0],
    ]);
  });

  it('index tensors give copies', () => {
    const x = f.zeros(3);
    x.index([0, 1]).add_(1);
    expect(x.tolist()).toEqual([0, 0, 0]);
  });

  it('a mask assigns a number, of any dtype', () => {
    const x = tensor([
      [1, -2],
      [-3, 4],
    ]);
    x.indexPut_([x.lt(0)], 0);
    const i = f.arange(4).indexPut_([slice(1, 3)], 9);
    expect([x.tolist(), i.tolist(), i.dtype]).toEqual([
      [
        [1, 0],
        [0, 4],
      ],
      [0, 9, 9, 3],
      'int32',
    ]);
  });

  it('nonzero lists the places', () => {
    expect(
      tensor([
        [0, 3],
        [1, 0],
      ])
        .nonzero()
        .tolist(),
    ).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect([tensor(5).nonzero().shape, tensor(0).nonzero().shape, f.zeros(2, 2).nonzero().shape]).toEqual([
      [1, 0],
      [0, 0],
      [0, 2],
    ]);
  });
});
