import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { KeptSecrets } from '../../src/programs/process/kept-secrets.js';

const folder = mkdtempSync(join(tmpdir(), 'sluice-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('where secrets come from', () => {
  const secrets = { one: 'of the variable', two: 'of the variable' };

  it('is the application, then a file, then a variable; a file is read anew each time', async () => {
    writeFileSync(join(folder, 'two'), 'of the file\n');
    const kept = KeptSecrets.of({ secretsDir: folder, secrets }, (name) =>
      name === 'own' ? 'of the application' : null,
    );
    expect(await kept.find('own')).toBe('of the application');
    expect(await kept.find('two')).toBe('of the file');
    expect(await kept.find('one')).toBe('of the variable');
    expect(await kept.find('three')).toBeNull();
    writeFileSync(join(folder, 'two'), 'another\r\n');
    expect(await kept.find('two')).toBe('another');
  });

  it('is nowhere else: a name that is none is not looked for', async () => {
    const asked: string[] = [];
    const kept = KeptSecrets.of({ secretsDir: folder, secrets }, (name) => void asked.push(name));
    for (const name of ['../one', '', '__proto__x', 'a/b', 'toString.x']) expect(await kept.find(name)).toBeNull();
    expect(asked).toEqual([]);
    expect(await kept.find('toString')).toBeNull();
  });

  it('is told when it cannot be told: a folder that is a file, and a file that is a folder', async () => {
    expect(() => KeptSecrets.of({ secretsDir: join(folder, 'two'), secrets })).toThrow(
      /^Expected SLUICE_SECRETS_DIR to be a folder/,
    );
    mkdirSync(join(folder, 'four'));
    await expect(KeptSecrets.of({ secretsDir: folder, secrets }).find('four')).rejects.toThrow();
  });
});
