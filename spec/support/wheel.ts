import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PINS, type Pin } from '../../lib/backend/install/pins';

/** A small stand-in for TensorFlow's wheel: the names that the installer looks for, with nothing real in them. */
export const WHEEL_ENTRIES: Readonly<Record<string, string>> = {
  'tensorflow/libtensorflow_cc.so.2': 'the library',
  'tensorflow/libtensorflow_framework.so.2': 'the framework',
  'tensorflow/include/tensorflow/c/c_api.h': '// the API',
  'tensorflow/include/xla/tsl/c/tsl_status.h': '// status',
  'tensorflow/python/unneeded.py': 'pass',
};

/** A zip archive without compression; names are written as they are, whatever they are. */
export function zip(entries: Readonly<Record<string, string>>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const data = Buffer.from(text);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0); // the version needed; the checksum stays 0, as nobody looks at it
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    bodies.push(Buffer.from('PK\x03\x04'), fields, Buffer.from(name), data);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), fields, place, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const central = Buffer.concat(directory);
  const count = Object.keys(entries).length;
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, central, Buffer.from('PK\x05\x06'), end]);
}

/** A pin that this content answers to. */
export function pinOf(content: Buffer): Pin {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { ...PINS['linux-x64']!, sha256, bytes: content.length, unpacked: content.length };
}

/** A folder of its own with a wheel, a cache to be, and what stands in for a compiler. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'flambeau-spec-'));
  readonly cache = join(this.folder, 'cache');

  write(name: string, content: string | Buffer): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** A program whose body is JavaScript; `output` is the file that a compiler is to write. */
  program(name: string, body: string): string {
    const output = `const output = process.argv[process.argv.indexOf('-o') + 1];`;
    const path = this.write(name, `#!${process.execPath}\nconst fs = require('node:fs');\n${output}\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** A compiler that "compiles" each addon to this file, and notes each call in `calls`. */
  compiler(addon: string): string {
    const calls = join(this.folder, 'calls');
    return this.program(
      'cxx',
      `fs.copyFileSync(${JSON.stringify(addon)}, output); fs.appendFileSync(${JSON.stringify(calls)}, 'call\\n');`,
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
