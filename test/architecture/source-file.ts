import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { strip } from './strip.js';

export interface Import {
  /** As written: `zod`, `node:fs`, `./flow.js`. */
  readonly specifier: string;
  /** The repository's path of a relative import, with its TypeScript suffix; null for a package. */
  readonly path: string | null;
  /** The package's name, `node:fs` for a part of Node; null for a relative import. */
  readonly package: string | null;
}

export interface SourceFile {
  /** From the repository's root, with slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and string contents blanked. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const IMPORT = /(?:\b(?:import|export)\b[^'"`;()]*?\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g;

export function sourceFile(path: string, text: string): SourceFile {
  const { code, withoutComments } = strip(text);
  const imports = [...withoutComments.matchAll(IMPORT)].map((match) => importOf(path, match[2] ?? ''));
  return { path, text, code, imports };
}

function importOf(from: string, specifier: string): Import {
  if (!specifier.startsWith('.')) {
    const parts = specifier.split('/');
    const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
    return { specifier, path: null, package: specifier.startsWith('node:') ? specifier : name };
  }
  const target = posix.join(posix.dirname(from), specifier);
  return { specifier, path: target.replace(/\.js$/, '.ts').replace(/\.jsx$/, '.tsx'), package: null };
}

const FOLDERS = ['src', 'migrations', 'web/src', 'test', 'scripts', 'bin'];
const SOURCE = /\.(ts|tsx|mts|mjs|js)$/;

/** Every source file of the repository. */
export function readSources(root: string): SourceFile[] {
  return FOLDERS.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
        .map((entry) => posix.join(entry.parentPath.slice(root.length), entry.name)),
    )
    .filter((path) => !path.includes('node_modules') && !path.startsWith('web/dist'))
    .map((path) => sourceFile(path, readFileSync(join(root, path), 'utf8')));
}
