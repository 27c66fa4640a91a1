import { readArgs } from '../../args';
import { ValueError } from '../../errors';

const DEFAULTS = {
  allowRetainGraph: false,
  batchChunkSize: null as number | null,
  chunkingMethod: 'auto' as string | null,
  accPolicy: 'auto',
  accDtype: null as string | null,
};

/**
 * How PyTorch computes {@link linearCrossEntropy} in pieces to save memory. It is checked, and changes nothing here: all is
 * computed in one piece. See torch.nn.LinearCrossEntropyOptions.
 */
export class LinearCrossEntropyOptions {
  readonly allowRetainGraph: boolean;
  readonly batchChunkSize: number | null;
  readonly chunkingMethod: string | null;
  readonly accPolicy: string;
  readonly accDtype: string | null;

  constructor(...rest: [options?: Partial<typeof DEFAULTS>]) {
    const given = readArgs('LinearCrossEntropyOptions', rest, DEFAULTS, 0);
    const { batchChunkSize, chunkingMethod, accPolicy, accDtype } = given;
    if (!['auto', 'accurate', 'balanced', 'compact'].includes(accPolicy))
      throw new ValueError(`invalid acc_policy: '${accPolicy}'`);
    if (chunkingMethod !== null && !/^(auto|aspect_ratio(:[1-9]\d*)?)$/.test(chunkingMethod))
      throw new ValueError(`invalid chunking_method: '${chunkingMethod}'`);
    if (batchChunkSize !== null && !(Number.isInteger(batchChunkSize) && batchChunkSize > 0))
      throw new ValueError(`batch_chunk_size must be positive int or None, got ${batchChunkSize}`);
    if (accDtype !== null && accDtype !== 'float32')
      throw new ValueError(`acc_dtype must be null or 'float32', got '${accDtype}'`);
    this.allowRetainGraph = given.allowRetainGraph;
    this.batchChunkSize = batchChunkSize;
    this.chunkingMethod = chunkingMethod;
    this.accPolicy = accPolicy;
    this.accDtype = accDtype;
  }

  /** Python's repr. */
  toString(): string {
    const text = (value: string | null) => (value === null ? 'None' : `'${value}'`);
    return (
      `LinearCrossEntropyOptions(allow_retain_graph=${this.allowRetainGraph ? 'True' : 'False'}, ` +
      `batch_chunk_size=${this.batchChunkSize ?? 'None'}, chunking_method=${text(this.chunkingMethod)}, ` +
      `acc_policy=${text(this.accPolicy)}, acc_dtype=${this.accDtype === null ? 'None' : `torch.${this.accDtype}`})`
    );
  }
}
