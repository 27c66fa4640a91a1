import * as f from '../../lib';

type Classes = Record<string, unknown>;

/** Makes the module that a Python expression of the fixtures says; `classes` are those defined beside the fixture. */
export function buildModule(python: string, classes: Classes = {}): f.nn.Module {
  const names = ['nn\\.\\w+', ...Object.keys(classes)].join('|');
  const source = python
    .replace(new RegExp(`\\b(${names})\\(`, 'g'), 'new $1(')
    .replace(/(?<=[(,] ?)\(((?:-?\d+, )*-?\d+,?)\)/g, '[$1]')
    .replace(/(?<=[(,] ?)(\w+)=(torch\.\w+\(\d+\)|[^,()]+)/g, (_, name: string, value: string) => {
      const camel = name.replace(/_(\w)/g, (__, letter: string) => letter.toUpperCase());
      return `{ ${camel}: ${value === 'True' ? 'true' : value === 'False' ? 'false' : value} }`;
    })
    .replace(/ \}, \{ /g, ', ')
    .replaceAll('torch.', 'f.');
  return new globalThis.Function('nn', 'f', ...Object.keys(classes), `return ${source}`)(
    f.nn,
    f,
    ...Object.values(classes),
  );
}
