import { share } from '../../share.js';

/** An engine, as it has announced itself. */
export interface AnnouncedEngine {
  readonly engine: string;
  readonly group: string;
  /** Names of the handlers that it has. */
  readonly handlers: readonly string[];
  /** Till when it counts as being up, without another word of it. Database time. */
  readonly upUntil: number;
}

/**
 * Who has the handlers of a message. `anywhere`: every group that there is. `has`: this group, of those that are up. `waits`: this
 * one had them, and nobody who is up does. `nobody`: nobody had them for long.
 */
export type Where =
  | { readonly type: 'anywhere' }
  | { readonly type: 'nobody' }
  | { readonly type: 'has' | 'waits'; readonly group: string; readonly said: string };

export interface GroupsAt {
  /** Database time. */
  readonly now: number;
  /** How long a group is known whose engines are gone. */
  readonly rememberMs: number;
  /** Since when somebody has watched: what was gone before that is known from then on. */
  readonly since: number;
  /** The group of whoever asks; it comes before the others. */
  readonly own: string | null;
}

/** A group of engines, as people see it. */
export interface GroupReport {
  readonly name: string;
  /** Engines that are up. */
  readonly up: number;
  /** Till when the last of them counts, or counted, as being up. */
  readonly upUntil: number;
  /** What engines that are up have; of a group that is gone, what the last ones had. */
  readonly handlers: readonly string[];
}

/** Engines of a group that have the same handlers. */
interface Kind {
  readonly handlers: ReadonlySet<string>;
  upUntil: number;
}

interface Group {
  readonly name: string;
  readonly kinds: Map<string, Kind>;
  up: number;
  upUntil: number;
}

interface Found {
  /** Groups that are up and have them. */
  readonly up: readonly string[];
  readonly anywhere: boolean;
  /** Who had them last. */
  readonly last: { readonly group: Group; readonly until: number } | null;
  readonly what: string;
}

const ANYWHERE: Where = { type: 'anywhere' };
const NOBODY: Where = { type: 'nobody' };

/** Which groups of engines there are at a moment, and what they have. Immutable; answers are worked out once. */
export class KnownGroups {
  private readonly groups: readonly Group[];
  private readonly found = new Map<string, Found>();

  constructor(
    engines: readonly AnnouncedEngine[],
    private readonly at: GroupsAt,
  ) {
    const groups = new Map<string, Group>();
    for (const engine of engines) if (isKnown(engine, at)) add(groups, engine, at.now);
    this.groups = [...groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Whether there are several: then messages go to the lanes of groups. */
  get isDivided(): boolean {
    return this.groups.length > 1;
  }

  has(group: string): boolean {
    return this.groups.some(({ name }) => name === group);
  }

  isUp(group: string): boolean {
    return this.groups.some(({ name, up }) => name === group && up > 0);
  }

  report(): readonly GroupReport[] {
    return this.groups.map(({ name, up, upUntil, kinds }) => {
      const counts = [...kinds.values()].filter((kind) =>
        up > 0 ? kind.upUntil > this.at.now : kind.upUntil === upUntil,
      );
      const handlers = [...new Set(counts.flatMap((kind) => [...kind.handlers]))].sort();
      return { name, up, upUntil, handlers };
    });
  }

  /** @param id of the node instance: equal ones go to the same group of several that have the handlers. */
  where(handlers: readonly string[], id: string): Where {
    const key = handlers.length === 1 ? (handlers[0] as string) : handlers.join('\n');
    let found = this.found.get(key);
    if (found === undefined) {
      found = this.find(handlers);
      this.found.set(key, found);
    }
    const { up, anywhere, last, what } = found;
    if (anywhere) return ANYWHERE;
    if (last === null) return NOBODY;
    const { own } = this.at;
    if (up.length > 0) {
      const group = own !== null && up.includes(own) ? own : (up[Math.floor(share(id) * up.length)] as string);
      const have = up.length === 1 ? `only the group ${group} has` : `the groups ${up.join(', ')} alone have`;
      return { type: 'has', group, said: `${have} ${what}` };
    }
    const { name, up: engines } = last.group;
    const since = new Date(last.until).toISOString();
    const said =
      engines > 0
        ? `no engine of the group ${name} that is up has ${what}; one had it until ${since}`
        : `the group ${name} has ${what}, and no engine of it has been up since ${since}`;
    return { type: 'waits', group: name, said };
  }

  private find(handlers: readonly string[]): Found {
    const having = this.groups.flatMap((group) => {
      const until = untilOf(group, handlers);
      return until === null ? [] : [{ group, until }];
    });
    const up = having.filter(({ until }) => until > this.at.now).map(({ group }) => group.name);
    const last = having.reduce<Found['last']>((late, one) => (late && late.until >= one.until ? late : one), null);
    const what = handlers.map((name) => `'${name}'`).join(' and ');
    return { up, anywhere: up.length > 0 && having.length === this.groups.length, last, what };
  }
}

/** What is gone for long is forgotten, but not by who has not seen that it stays away. */
const isKnown = ({ upUntil }: AnnouncedEngine, { now, rememberMs, since }: GroupsAt): boolean =>
  Math.max(upUntil, since) + rememberMs > now;

function add(groups: Map<string, Group>, { group: name, handlers, upUntil }: AnnouncedEngine, now: number): void {
  const group: Group = groups.get(name) ?? { name, kinds: new Map(), up: 0, upUntil: 0 };
  groups.set(name, group);
  if (upUntil > now) group.up++;
  group.upUntil = Math.max(group.upUntil, upUntil);
  const key = [...handlers].sort().join('\n');
  const kind = group.kinds.get(key) ?? { handlers: new Set(handlers), upUntil };
  kind.upUntil = Math.max(kind.upUntil, upUntil);
  group.kinds.set(key, kind);
}

/** Till when one engine of a group has, or had, all of them; `null`: none had. */
function untilOf({ kinds }: Group, handlers: readonly string[]): number | null {
  let until: number | null = null;
  for (const kind of kinds.values())
    if (handlers.every((name) => kind.handlers.has(name))) until = Math.max(until ?? 0, kind.upUntil);
  return until;
}
