import { SECRET_ROOT, type Secretive, type SecretUse } from '../../../../core/safe/secret-use.js';
import type { SecretTaker } from '../../../expression/compile/compile-values.js';
import { entryOf, type MapTree, plain } from '../../../yaml/tree.js';
import type { TaskDefaults } from '../task-defaults.js';

/** The built-in task that makes a message of what it gets. */
const ANNOUNCES = 'emit';

/** Gathers the secrets that the `in` of one task names. */
export class SecretPlaces {
  private readonly uses: SecretUse[] = [];

  /** `null`: what such a node is given is stored or sent somewhere, or the name means something else there. */
  static of(kind: string, tree: MapTree, { hasSecretNode }: TaskDefaults): SecretPlaces | null {
    const each = entryOf(tree, 'each')?.value;
    const item = entryOf(each, 'as')?.value;
    const remote = entryOf(tree, 'remote')?.value;
    const isItem = item !== undefined && plain(item) === SECRET_ROOT;
    const task = entryOf(tree, 'task')?.value;
    const isSent = (remote && plain(remote) === true) || (task && plain(task) === ANNOUNCES);
    return hasSecretNode || isItem || isSent || (kind !== 'task' && kind !== 'tcc') ? null : new SecretPlaces();
  }

  /** Of the value under one key of an `in`. */
  at(key: string): SecretTaker {
    return { path: [key], uses: this.uses };
  }

  /** The same for another `in` of the node. */
  others(): SecretPlaces {
    return new SecretPlaces();
  }

  taken(): Secretive {
    return this.uses.length > 0 ? { secrets: this.uses } : {};
  }
}
