import vm from 'node:vm';
import type { NativeBackend, OpAttr } from './engine';

type Binding = NativeBackend['binding'];
type Shared = Binding & { [key: symbol]: ((view: object) => Set<number>) | undefined };

/** Made in the main realm, which outlives the others. */
const MAIN = `(binding) => {
  const gone = new FinalizationRegistry((tensors) => tensors.forEach((id) => binding.deleteTensor(id)));
  return (view) => {
    const tensors = new Set();
    gone.register(view, tensors);
    return tensors;
  };
}`;
const KEY = Symbol.for('flambeau.realms');

/**
 * The binding for one realm. Each of Jest's files is a realm that loads its own copy of us, while the binding is loaded once;
 * what a realm still holds when it goes, nobody deletes. So the main realm knows the tensors of each, and deletes them then.
 */
export function forThisRealm(binding: Binding): Binding {
  const shared = binding as Shared;
  shared[KEY] ??= vm.runInThisContext(MAIN)(binding) as (view: object) => Set<number>;
  const view: Pick<Binding, 'createTensor' | 'executeOp' | 'deleteTensor'> = {
    createTensor(shape, dtype, values) {
      const id = binding.createTensor(shape, dtype, values);
      tensors.add(id);
      return id;
    },
    executeOp(op, attrs, inputs, count) {
      const outputs = binding.executeOp(op, needed(attrs), inputs, count);
      for (let i = 0; i < outputs.length; i++) tensors.add(outputs[i]!.id);
      return outputs;
    },
    deleteTensor(id) {
      tensors.delete(id);
      binding.deleteTensor(id);
    },
  };
  const tensors = shared[KEY](view);
  return Object.setPrototypeOf(view, binding);
}

/** The types of inputs, which TensorFlow finds out itself, but where inputs are a list: that of N. */
const INFERRED = new Set([
  ...[
    'T',
    'Tidx',
    'Tindices',
    'Tparams',
    'Taxis',
    'Tperm',
    'Tshape',
    'Tshift',
    'Tpaddings',
    'Tmultiples',
    'Tnumsegments',
  ],
  ...['Tlen', 'Tindex', 'TI', 'Index', 'index_type', 'SrcT'],
]);
/** What is false or 0 where it is not given, in all ops that have it, our own (native/kernels.cc) among them. */
const USUALLY_NOT = new Set([
  ...['transpose_a', 'transpose_b', 'adj_x', 'adj_y', 'keep_dims', 'exclusive', 'reverse'],
  ...['k', 'op', 'bound', 'flag', 'keep'],
]);

/** Without the attributes that change nothing: each takes 0.4 µs in the binding. */
function needed(attrs: OpAttr[]): OpAttr[] {
  const rest: OpAttr[] = [];
  for (const attr of attrs) {
    if (attr.name === 'N') return attrs;
    if (INFERRED.has(attr.name) || (!attr.value && USUALLY_NOT.has(attr.name))) continue;
    rest.push(attr);
  }
  return rest;
}
