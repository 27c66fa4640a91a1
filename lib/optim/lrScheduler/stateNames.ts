/** PyTorch's name of a scheduler's property in its state dict: `stepSize` → `step_size`, `tMax` → `T_max`, `t0` → `T_0`. */
export function stateName(property: string): string {
  return property
    .replace(/^t(?=[A-Z\d])/, 'T_')
    .replace(/^T_(.)/, (_, first: string) => `T_${first.toLowerCase()}`)
    .replace(/(?!^)[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
