import { pythonRepr } from '../tensor/pythonNumber';

/** A number as Python would have printed it: a whole one as an int, but for a default of PyTorch's that is a float. */
export function showNumber(x: number, floatDefault?: number): string {
  return Number.isInteger(x) && x !== floatDefault ? `${x}` : pythonRepr(x);
}

export const showBool = (x: boolean): string => (x ? 'True' : 'False');

/** What follows other options in a repr. */
export const showInplace = (inplace: boolean): string => (inplace ? ', inplace=True' : '');
