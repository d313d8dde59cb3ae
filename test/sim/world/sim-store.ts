import type { FenceStore } from '../../../src/engine/health/limits/fence-store.js';
import type { HealthStore } from '../../../src/engine/health/sharing/health-store.js';
import {
  type ApplyAnswer,
  type ApplyRequest,
  type Changes,
  type StartAnswer,
  type StartCandidate,
  type Store,
  StoreUnavailable,
} from '../../../src/engine/ports/store.js';
import type { PlayStore } from '../../../src/engine/start/plays/play-store.js';
import type { Calls, Ways } from './calls.js';
import type { Witness } from './history.js';

const away = (): Promise<never> => Promise.reject(new StoreUnavailable('The database is away.'));
const READ: Ways<never> = { fates: { refused: 'refused', slow: 'slow' }, refuse: away };
const WRITE: Ways<never> = { fates: { ...READ.fates, lost: 'lost' }, refuse: away, lose: away };
const APPLY: Ways<never> = { ...WRITE, fates: { ...WRITE.fates, odd: 'skipped' } };
const READS: readonly string[] = ['now', 'existing', 'read', 'successors', 'earliest', 'incidentsWith'];
const HEALTH_READS: readonly string[] = ['epoch', 'after', 'probesLeft'];
const MESSAGE_READS: readonly string[] = [
  'waitsFor',
  'messagesFor',
  'recent',
  'outstanding',
  'claimedFor',
  'expired',
  'counts',
];

const PLAY_READS = ['find', 'liveOf', 'list', 'revisions', 'counts', 'startedAs'] as const;

/**
 * A real store behind a line that may break at every call, before it or after it. What was committed is told to the
 * history.
 */
export function simStore(
  inner: Store,
  calls: Calls,
  history: Witness,
  { twice, ...watched }: { readonly twice: () => boolean; readonly fences: FenceStore; readonly plays: PlayStore },
): Store {
  const special: Partial<Store> = {
    apply: (request) => calls.make('apply', (fate) => applySome(inner, request, fate === 'odd', history, twice), APPLY),
    start: (candidates) => calls.make('start', () => start(inner, candidates, history), WRITE),
  };
  const others = behindLine(inner, calls, READS);
  const triggers = behindLine(inner.triggers, calls, ['counts']);
  const messages = behindLine(inner.messages, calls, MESSAGE_READS);
  const plays = behindLine(watched.plays, calls, PLAY_READS);
  const fences = behindLine(watched.fences, calls, []);
  const parts: Partial<Record<keyof Store, unknown>> = { plays, messages, triggers, fences };
  return new Proxy(inner, {
    get: (_, name: keyof Store) => special[name] ?? parts[name] ?? others[name],
  });
}

/** The same for what engines share about partners. */
export const simHealthStore = (inner: HealthStore, calls: Calls): HealthStore => behindLine(inner, calls, HEALTH_READS);

function behindLine<T extends object>(inner: T, calls: Calls, reads: readonly string[]): T {
  return new Proxy(inner, {
    get:
      (_, name) =>
      (...given: unknown[]): Promise<unknown> => {
        const method = inner[name as keyof T] as (...given: unknown[]) => Promise<unknown>;
        return calls.make(String(name), () => method.apply(inner, given), reads.includes(String(name)) ? READ : WRITE);
      },
  });
}

/** With `skipping`, somebody else holds every second instance. */
async function applySome(
  inner: Store,
  request: ApplyRequest,
  skipping: boolean,
  history: Witness,
  twice: () => boolean,
): Promise<ApplyAnswer> {
  const held = skipping ? [...request.wanted.keys()].filter((_, at) => at % 2 === 0) : [];
  const wanted = new Map([...request.wanted].filter(([id]) => !held.includes(id)));
  if (wanted.size === 0) return { skipped: held };
  let decided: readonly Changes[] = [];
  const { skipped } = await inner.apply({
    ...request,
    wanted,
    decide: (locked, now) => {
      // After a deadlock the whole transaction is run again.
      if (twice()) request.decide(locked, now);
      decided = request.decide(locked, now);
      refusePoison(decided.flatMap(({ outputs }) => outputs.map(({ output }) => output)));
      return decided;
    },
  });
  for (const changes of decided) history.committed(changes);
  return { skipped: [...held, ...skipped] };
}

async function start(
  inner: Store,
  candidates: readonly StartCandidate[],
  history: Witness,
): Promise<readonly StartAnswer[]> {
  const decided = new Map<string, Changes>();
  const inputs = new Map(candidates.map(({ id, input }) => [id, input]));
  const answers = await inner.start(
    candidates.map((one) => ({
      ...one,
      decide: (now) => {
        refusePoison([one.input]);
        const changes = one.decide(now);
        decided.set(one.id, changes);
        return changes;
      },
    })),
  );
  for (const { id, duplicate } of answers) {
    const changes = decided.get(id);
    if (!duplicate && changes) history.committed(changes, inputs.get(id));
  }
  return answers;
}

/** As a database does with data that no column holds: the transaction is refused for a reason that stays. */
function refusePoison(values: readonly unknown[]): void {
  for (const value of values)
    if (typeof value === 'object' && value !== null && 'poison' in value) throw new Error('Expected data that fits.');
}
