/** The one libtensorflow that we install ourselves, and where it comes from. */
export interface Pin {
  /** The version of libtensorflow inside. */
  version: string;
  /** What pip is asked for. */
  requirement: string;
  /** The platform tag of the wheel. */
  tag: string;
  /** The wheel's file name. */
  file: string;
  /** The wheel's SHA-256, in hex. */
  sha256: string;
  /** The wheel's size in bytes, for the progress lines. */
  bytes: number;
  /** Room that the unpacked library takes, in bytes. */
  unpacked: number;
}

/** By `process.platform` and `process.arch`. The Python tag does not matter to us: the library inside needs no Python. */
export const PINS: Readonly<Record<string, Pin>> = {
  'linux-x64': {
    version: '2.21.0',
    requirement: 'tensorflow-cpu==2.21.0',
    tag: 'manylinux_2_27_x86_64',
    file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    bytes: 273829956,
    unpacked: 859e6,
  },
  // Hashed and looked into (it has the same files), but not run: we have no such machine. There is no tensorflow-cpu for arm64;
  // this wheel has no GPU parts either.
  'linux-arm64': {
    version: '2.21.0',
    requirement: 'tensorflow==2.21.0',
    tag: 'manylinux_2_27_aarch64',
    file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl',
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    bytes: 281828020,
    unpacked: 889e6,
  },
};

/** The pin for this machine, null where there is none. The wheels need glibc 2.27 (musl has none at all). */
export function pinForThisMachine(glibc = glibcVersion()): Pin | null {
  const pin = PINS[`${process.platform}-${process.arch}`];
  if (!pin || glibc === null) return null;
  const [major = 0, minor = 0] = glibc.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 27) ? pin : null;
}

function glibcVersion(): string | null {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime ?? null;
}
