import { secretsIn } from '../../../../core/definition/handlers.js';
import { SECRET_ROOT } from '../../../../core/safe/secret-use.js';
import type { Catalog } from '../../../ports/catalog.js';
import type { DefinitionStore } from '../../../ports/definition-store.js';
import type { Log } from '../../../ports/log.js';
import { isUsable, type Secrets } from './secrets.js';

export interface SecretsAround {
  readonly catalog: Pick<Catalog, 'get'>;
  readonly definitions: Pick<DefinitionStore, 'newest'>;
  readonly secrets: Secrets;
}

/** Says which secrets of the flows are not here: better now than by the first instance that needs one. */
export async function warnOfSecrets({ catalog, definitions, secrets }: SecretsAround, log: Log): Promise<void> {
  const known = new Map<string, boolean>();
  for (const { flow, source } of await definitions.newest()) {
    // Most flows have none, and need not be compiled for that.
    if (!source.includes(SECRET_ROOT)) continue;
    // One that another release wrote, and this one cannot read, tells so where it is needed.
    const published = await catalog.get(flow).catch(() => null);
    for (const { node, name } of published ? secretsIn(published.definition) : []) {
      const isHere = known.get(name) ?? (await isKept(secrets, name));
      known.set(name, isHere);
      if (isHere) continue;
      log.warn(
        `Expected a secret '${name}' of 4 characters or more, but there is none here. Put it into the file ${name} in SLUICE_SECRETS_DIR, or into SLUICE_SECRET_${name}.`,
        { flow, node },
      );
    }
  }
}

/** Whoever keeps it may be away for a moment: that is no reason to say that there is none. */
const isKept = (secrets: Secrets, name: string): Promise<boolean> => secrets.find(name).then(isUsable, () => true);
