import { describe, expect, it } from 'vitest';
import { sourceFile } from './source-file.js';

const specifiers = (text: string) => sourceFile('src/core/flow/a.ts', text).imports.map((found) => found.specifier);

describe('sourceFile', () => {
  it.each([
    ["import { a } from 'one';", ['one']],
    ["import a, {\n  type B,\n} from './two.js';", ['./two.js']],
    ["import 'three';", ['three']],
    ['export * from \'./four.js\';\nexport type { X } from "five";', ['./four.js', 'five']],
    ["const m = await import('six');", ['six']],
    ["const r = require('seven');", ['seven']],
    ["// import 'no';\n/* import 'no' */\nconst import1 = 'no';", []],
    ['const text = "import { a } from"; export const b = \'no\';', []],
    ['export const a = 1;\nexport function from(x: string) {}', []],
  ])('finds the imports of %j', (text, expected) => {
    expect(specifiers(text)).toEqual(expected);
  });

  it('resolves relative imports and names packages', () => {
    const { imports } = sourceFile('src/core/flow/a.ts', "import '../b.js';\nimport '@x/y/z';\nimport 'node:fs';");
    expect(imports.map(({ path, package: name }) => path ?? name)).toEqual(['src/core/b.ts', '@x/y', 'node:fs']);
  });

  it('keeps code and drops comments, strings and expressions, but not what stands in `${}`', () => {
    const text =
      "const re = /Date.now['`]/g; // Date.now\nconst t = `Date.now ${Date.now() + `${x}`} Date.now`;\nlet s = 'Date.now';";
    const { code } = sourceFile('src/core/a.ts', text);
    expect(code.match(/Date\.now/g)).toEqual(['Date.now']);
    expect(code.split('\n')).toHaveLength(3);
  });
});
