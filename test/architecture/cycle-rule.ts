import type { Rule } from './rule.js';
import type { SourceFile } from './source-file.js';

/** Depth first; a file that is still open when it is met again closes a cycle, told by its path. */
export function cycles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const target of byPath.get(path)?.imports ?? []) {
      if (target.path !== null && byPath.has(target.path)) visit(target.path, [...trail, path]);
    }
    state.set(path, 'done');
  };
  for (const { path } of files) visit(path, []);
  return found;
}

export const cycleRule: Rule = {
  name: 'no import goes in a circle',
  why: 'A cycle is a missing name: find the third thing. With decorators it also crashes at start, but not in tests.',
  find: cycles,
  seeds: [
    {
      'src/storage/a.ts': "import { B } from './b.js';",
      'src/storage/b.ts': "import type { C } from './c.js';",
      'src/storage/c.ts': "export { A } from './a.js';",
    },
  ],
};
