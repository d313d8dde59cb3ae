import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRET_NAME } from '../../core/safe/secret-use.js';
import { Secrets } from '../../engine/intake/work/order/secrets.js';

/** Gives a secret by its name; `null` or `undefined`: it has none of that name. */
export type SecretSource = (name: string) => Promise<string | null | undefined> | string | null | undefined;

interface Kept {
  readonly secretsDir: string | null;
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Secrets of an application, then of a folder, then of variables. Nothing is kept in between: a file that is written anew is
 * the secret of the next attempt.
 */
export class KeptSecrets extends Secrets {
  private constructor(
    private readonly kept: Kept,
    private readonly source: SecretSource | undefined,
  ) {
    super();
  }

  /** @throws {Error} when the folder is none. */
  static of(kept: Kept, source?: SecretSource): KeptSecrets {
    const { secretsDir } = kept;
    if (secretsDir === null || statSync(secretsDir, { throwIfNoEntry: false })?.isDirectory())
      return new KeptSecrets(kept, source);
    throw new Error(
      `Expected SLUICE_SECRETS_DIR to be a folder, but there is none at ${secretsDir}. Make it, with a file for each secret.`,
    );
  }

  async find(name: string): Promise<string | null> {
    if (!SECRET_NAME.test(name)) return null;
    const { secretsDir, secrets } = this.kept;
    const own = await this.source?.(name);
    if (typeof own === 'string') return own;
    const filed = secretsDir === null ? null : await contentOf(join(secretsDir, name));
    return filed ?? (Object.hasOwn(secrets, name) ? (secrets[name] as string) : null);
  }
}

/** Editors end a file with a line end that is no part of the secret. `null`: there is no such file. */
async function contentOf(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (fault) {
    if ((fault as { readonly code?: string }).code === 'ENOENT') return null;
    throw fault;
  }
}
