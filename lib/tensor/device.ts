/** There is one device, the cpu: what programs ask of others is answered as PyTorch's CPU build answers. */
import { checkDevice, noMore } from '../args';
import { RuntimeError } from '../errors';

/** The name of a device: 'cpu'; any other is refused. `device('cpu', 0)` and `'cpu:0'` are the same. See torch.device. */
export function device(type: string, index: number | null = null): 'cpu' {
  noMore('device(type, index)', arguments.length, 2);
  if (index !== null && index !== 0)
    throw new RuntimeError(`device: the cpu has the index 0 only, got ${String(index)}`);
  checkDevice('device', type);
  return 'cpu';
}

const notCompiled = (name: string) => (): never => {
  throw new RuntimeError(`cuda.${name}: Torch not compiled with CUDA enabled: there is only the device 'cpu' here`);
};

/** torch.cuda of a machine that has none: seeds are accepted, counts are 0, and what needs a GPU throws. */
export const cuda = {
  /** False. See torch.cuda.is_available. */
  isAvailable: (): boolean => false,
  /** False. See torch.cuda.is_initialized. */
  isInitialized: (): boolean => false,
  /** False. See torch.cuda.is_bf16_supported. */
  isBf16Supported: (): boolean => false,
  /** 0. See torch.cuda.device_count. */
  deviceCount: (): number => 0,
  /** Nothing: there is no generator to seed. See torch.cuda.manual_seed. */
  manualSeed: (_seed: number | bigint): void => {},
  /** Nothing. See torch.cuda.manual_seed_all. */
  manualSeedAll: (_seed: number | bigint): void => {},
  /** Nothing. See torch.cuda.empty_cache. */
  emptyCache: (): void => {},
  /** 0. See torch.cuda.memory_allocated. */
  memoryAllocated: (): number => 0,
  /** 0. See torch.cuda.max_memory_allocated. */
  maxMemoryAllocated: (): number => 0,
  /** 0. See torch.cuda.memory_reserved. */
  memoryReserved: (): number => 0,
  /** 0. See torch.cuda.max_memory_reserved. */
  maxMemoryReserved: (): number => 0,
  /** None. See torch.cuda.get_rng_state_all. */
  getRngStateAll: (): Uint8Array[] => [],
  /** Throws. See torch.cuda.synchronize. */
  synchronize: notCompiled('synchronize'),
  /** Throws. See torch.cuda.current_device. */
  currentDevice: notCompiled('currentDevice'),
  /** Throws. See torch.cuda.set_device. */
  setDevice: notCompiled('setDevice'),
  /** Throws. See torch.cuda.get_device_name. */
  getDeviceName: notCompiled('getDeviceName'),
};

const absent = { isAvailable: (): boolean => false, deviceCount: (): number => 0 };

/** torch.accelerator of a machine that has none. */
export const accelerator = { ...absent, currentAccelerator: (): null => null };

/** torch.mps and torch.xpu of a machine that has none. */
export const mps = absent;
export const xpu = absent;

/** torch.backends: `cudnn`'s settings may be assigned, as programs do to be reproducible, and change nothing. */
export const backends = {
  cudnn: { enabled: true, deterministic: false, benchmark: false, allowTf32: true, isAvailable: (): boolean => false },
  cuda: { matmul: { allowTf32: false } },
  mps: { isAvailable: (): boolean => false, isBuilt: (): boolean => false },
};
