/**
 * Python's text for floats. JavaScript's toFixed and toExponential are exact as well, but round ties away from zero where
 * Python rounds them to even (0.03125 to four digits is 0.0312).
 */

/** Python's `f'{x:.{digits}f}'`. */
export function pythonFixed(x: number, digits: number): string {
  if (!Number.isFinite(x)) return nonFinite(x);
  const magnitude = Math.abs(x);
  return sign(x) + (magnitude < 1e21 ? fixed(magnitude, digits) : huge(magnitude, digits));
}

/** Python's `f'{x:.{digits}e}'`. */
export function pythonExponential(x: number, digits: number): string {
  if (!Number.isFinite(x)) return nonFinite(x);
  const [mantissa, exponent] = Math.abs(x).toExponential(digits).split('e') as [string, string];
  const tie = isTie(Math.abs(x), digits - Number(exponent));
  const power = exponent.slice(1).padStart(2, '0');
  return `${sign(x)}${tie ? toEven(mantissa) : mantissa}e${exponent[0]}${power}`;
}

/** Python's repr(x) of a float: the shortest digits that read back as x, always with a point or an exponent. */
export function pythonRepr(x: number): string {
  if (!Number.isFinite(x)) return nonFinite(x);
  const magnitude = Math.abs(x);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    const [mantissa, exponent] = magnitude.toExponential().split('e') as [string, string];
    return `${sign(x)}${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  return `${sign(x)}${magnitude}${Number.isInteger(x) ? '.0' : ''}`;
}

function nonFinite(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  return x > 0 ? 'inf' : '-inf';
}

function sign(x: number): string {
  return x < 0 || Object.is(x, -0) ? '-' : '';
}

function fixed(magnitude: number, digits: number): string {
  const text = magnitude.toFixed(digits);
  return isTie(magnitude, digits) ? toEven(text) : text;
}

function huge(magnitude: number, digits: number): string {
  return BigInt(magnitude) + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
}

/** True if x·10^digits lies halfway between two integers: twice it is odd, and its factor 5^digits cannot change that. */
function isTie(x: number, digits: number): boolean {
  if (digits >= 0) return (x * 2 ** (digits + 1)) % 2 === 1;
  if (!Number.isInteger(x)) return false;
  const unit = 10n ** BigInt(-digits);
  const doubled = 2n * BigInt(x);
  return doubled % unit === 0n && (doubled / unit) % 2n === 1n;
}

/** A tie was rounded up: if the last digit is odd now, the even neighbour is one less. */
function toEven(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last % 2 === 0 ? text : text.slice(0, -1) + String.fromCharCode(last - 1);
}
