import { kindHandler, majorOf } from '../../../../../core/definition/custom-kind.js';
import type { Definition } from '../../../../../core/definition/definition.js';
import { handlersIn } from '../../../../../core/definition/handlers.js';
import { didYouMean } from '../../../../report/nearest.js';
import type { KindFacts, LoadedKind } from './kind-facts.js';

/** Two to four words of small letters, digits and "-", joined by dots: `acme.reserve`. */
export const KIND_NAME = /^[a-z][a-z0-9-]{0,30}(?:\.[a-z][a-z0-9-]{0,30}){1,3}$/;
const KEY = /^(.+?)(?:@(\d{1,4}))?$/;

/** A plugin that is not used, and why. */
export interface RefusedPlugin {
  /** The file, or where it was registered. */
  readonly place: string;
  /** The kinds that it would have brought, as far as they are known. */
  readonly names: readonly string[];
  /** "Expected X, but Y." */
  readonly reason: string;
}

type Found =
  | { readonly kind: LoadedKind }
  | { readonly kind: null; readonly message: string; readonly hint: string | null };

/** The kinds of node that plugins bring. */
export class CustomKinds {
  static readonly none = new CustomKinds([]);

  /** @param kinds at most one of a name and major version. */
  constructor(
    readonly kinds: readonly LoadedKind[],
    readonly refused: readonly RefusedPlugin[] = [],
  ) {}

  /** Those that were kept with a published flow. Nothing that plugins do is among them. */
  static pinned(text: string | null | undefined): CustomKinds {
    return text ? new CustomKinds(JSON.parse(text) as readonly KindFacts[]) : CustomKinds.none;
  }

  /** @param key as a node names it: `acme.reserve`, or `acme.reserve@2`. */
  find(key: string): Found {
    const [, name = key, wanted] = KEY.exec(key) ?? [];
    const named = this.kinds.filter((kind) => kind.name === name);
    const [only, ...others] = wanted ? named.filter(({ version }) => majorOf(version) === Number(wanted)) : named;
    if (only && others.length === 0) return { kind: only };
    const there = named.map(({ version }) => `\`${name}@${majorOf(version)}\``).join(' and ');
    if (only) {
      const message = `Expected to be told which version of \`${name}\`, but there are ${there}.`;
      return { kind: null, message, hint: `Write \`${name}@${majorOf(only.version)}\`.` };
    }
    if (named.length > 0) {
      const message = `Expected a version of \`${name}\` that is loaded, but \`${key}\` is not.`;
      return { kind: null, message, hint: `There is ${there}.` };
    }
    return this.unknown(key, name);
  }

  private unknown(key: string, name: string): Found {
    const refused = this.refused.find(({ names }) => names.includes(name));
    const message = refused
      ? `Expected a kind of node that a plugin brings, but the plugin of \`${name}\` (${refused.place}) was refused.`
      : `Expected a kind of node that a plugin brings, but none brings \`${key}\`.`;
    const names = this.kinds.map((kind) => kind.name);
    const known = names.length > 0 ? `There are ${names.join(', ')}.` : 'Put its plugin where SLUICE_PLUGINS says.';
    return { kind: null, message, hint: refused ? refused.reason : (didYouMean(name, names) ?? known) };
  }

  /** What is to be kept with a flow, as JSON; `null` when it uses none. */
  pinnedBy(definition: Definition): string | null {
    const handlers = new Set(handlersIn(definition));
    const own = this.kinds.filter((kind) => handlers.has(kindHandler(kind)));
    const used = new Map(own.map((kind) => [kindHandler(kind), factsOf(kind)]));
    if (used.size === 0) return null;
    return JSON.stringify([...used].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind));
  }

  /** What was kept, without the part of versions that changes nothing for a flow: equal for flows that mean the same. */
  static mark(pinned: string | null | undefined): string {
    const kinds = CustomKinds.pinned(pinned).kinds.map((kind) => ({ ...kind, version: majorOf(kind.version) }));
    return kinds.length === 0 ? '' : JSON.stringify(kinds);
  }
}

const factsOf = ({ name, version, docs, schema, shape, traits, undoes }: KindFacts): KindFacts => ({
  name,
  version,
  docs,
  schema,
  shape,
  traits,
  undoes,
});
