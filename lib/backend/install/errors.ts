import { RuntimeError } from '../../errors';

/** Our own recipe cannot work on this machine as it is: upstream's installer may. Other errors end the installation. */
export class Unavailable extends RuntimeError {
  override name = 'Unavailable';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
