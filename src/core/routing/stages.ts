import { type Gate, gateOf } from './health/circuit.js';
import { isOpen, type LaneName } from './lane.js';
import type { Cause, Opinion, Routable } from './opinion.js';
import { POLICY } from './policy.js';
import { matches, rulesAbout } from './rules.js';
import type { Frozen, Snapshot } from './snapshot.js';
import { chainOf, type Subject } from './subject.js';

interface Context {
  readonly message: Routable;
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly chain: readonly Subject[];
  /** What was said so far; each stage adds to it. */
  readonly opinions: Opinion[];
}

const NOBODY: readonly Subject[] = [];
/** The subjects whose health counts for a message, the most specific first. */
export const chainFor = ({ subject }: Routable): readonly Subject[] => (subject === null ? NOBODY : chainOf(subject));

export function override({ message, snapshot, now, opinions }: Context): void {
  for (const { code, match, lane, hold, circuit, until, reason } of snapshot.overrides) {
    if (until <= now || !matches(match, message)) continue;
    const goes = isThere(lane, snapshot) ? lane : null;
    const word = `an operator says so until ${new Date(until).toISOString()}: ${reason}`;
    const opened = circuit === 'open';
    const degrades = opened && !hold && message.degrades === true;
    const to = goes ?? (opened && !degrades ? 'probe' : null);
    const said = lane === goes ? word : missing(word, lane);
    const held = degrades
      ? { action: 'fallback' as const }
      : hold || opened
        ? { action: 'hold' as const, delayMs: until - now }
        : {};
    opinions.push({ stage: 'override', code: `override.${code}`, said, ...(to && { lane: to }), ...held });
  }
}

/**
 * The worst state in the chain: what waits longest, else whether it is a probe. What has a fallback waits for nobody, and
 * goes the way of all others.
 */
export function circuit({ message, snapshot, now, chain, opinions }: Context): void {
  let worst: { readonly subject: Subject; readonly gate: Gate } | undefined;
  for (const subject of chain) {
    const frozen = frozenAt(snapshot, subject, now);
    const known = (frozen ?? snapshot.subjects.get(subject))?.circuit;
    if (!known || known.state === 'closed' || isIgnored({ message, snapshot, now }, subject)) continue;
    const gate = frozen ? stillGateOf(frozen, message.id) : gateOf(known, message.id, now);
    if (gate.type !== 'pass' && (!worst || waitOf(gate) > waitOf(worst.gate))) worst = { subject, gate };
  }
  if (!worst || worst.gate.type === 'pass') return;
  const { subject, gate } = worst;
  const said = `the circuit of ${subject} ${gate.said}`;
  if (gate.type === 'probe') opinions.push({ stage: 'circuit', code: 'circuit.probe', said, lane: 'probe' });
  else if (message.degrades) opinions.push({ stage: 'circuit', code: 'circuit.fallback', said, action: 'fallback' });
  else
    opinions.push({
      stage: 'circuit',
      code: `circuit.${gate.state}`,
      said,
      lane: 'probe',
      delayMs: gate.waitMs,
      action: 'defer',
    });
}

const waitOf = (gate: Gate): number => (gate.type === 'wait' ? gate.waitMs : 0);

/** Told to ignore circuits, or to take this one for closed. */
const isIgnored = ({ message, snapshot, now }: Pick<Context, 'message' | 'snapshot' | 'now'>, of: Subject): boolean =>
  snapshot.overrides.some(({ ignoreCircuit, circuit, match, until }) => {
    const closed = circuit === 'closed' && (match.subject ?? of) === of;
    return (ignoreCircuit || closed) && until > now && matches(match, message);
  });

function frozenAt({ frozen }: Snapshot, subject: Subject, now: number): Frozen | undefined {
  const known = frozen?.get(subject);
  return known && known.until > now ? known : undefined;
}

/** For a frozen circuit no time passes; what it keeps back must not look again at once. */
function stillGateOf({ circuit, at }: Frozen, id: string): Gate {
  const gate = gateOf(circuit, id, at);
  if (gate.type !== 'wait') return gate;
  const waitMs = Math.max(gate.waitMs, POLICY.circuit.probeAgainMs);
  return { ...gate, waitMs, said: `${gate.said}, and an operator has frozen it` };
}

/** What a circuit kept back has waited for a rule's delay already, and of the others nobody wants that they wait. */
const HAS_WAITED: ReadonlySet<Cause> = new Set(['deferred', 'hastened']);

/** It was counted where it arrived, and waits before it asks again. */
function limit({ message: { exceeds, delayMs }, opinions }: Context): void {
  if (!exceeds) return;
  const stage = exceeds.code.startsWith('group.') ? 'group' : 'limit';
  opinions.push({ stage, ...exceeds, delayMs, action: 'defer' });
}

/** A named lane is made a moment after a rule names it, and none beyond the most that there may be. */
const isThere = (lane: LaneName | null, { lanes }: Snapshot): boolean => lane === null || isOpen(lane, lanes);

const missing = (said: string, lane: LaneName | null): string => `${said}; but there is no lane ${lane} yet`;

/** A delay is asked for once. */
function rules({ message, snapshot, opinions }: Context): void {
  for (const { code, match, lane, minDelayMs, reason } of rulesAbout(snapshot.rules, message)) {
    if (!matches(match, message)) continue;
    const delay = minDelayMs > 0 && !HAS_WAITED.has(message.cause) ? { delayMs: minDelayMs } : {};
    const goes = isThere(lane, snapshot) ? lane : null;
    const said = lane === goes ? reason : missing(reason, lane);
    opinions.push({ stage: 'rule', code: `rule.${code}`, said, ...(goes && { lane: goes }), ...delay });
  }
}

/** `normal` is no opinion: if it were one, the number of attempts could never say anything. */
function latency({ message, snapshot, now, chain, opinions }: Context): void {
  const [leaf] = chain;
  if (leaf !== undefined && snapshot.crowding?.has(leaf)) {
    const said = `${leaf} takes up most of a lane that others need`;
    opinions.push({ stage: 'latency', code: 'latency.crowding', said, lane: 'slow' });
    return;
  }
  for (const subject of chain) {
    const known = (frozenAt(snapshot, subject, now) ?? snapshot.subjects.get(subject))?.latency;
    if (!known || known.samples < POLICY.latency.minSamples) continue;
    // Hopeless messages must not crowd the fast lane.
    if (known.class === 'normal' || (known.class === 'fast' && isHopeless(message))) return;
    const said = `${subject} is ${known.class}, with a p95 of ${known.p95Ms} ms over ${known.samples} calls`;
    opinions.push({ stage: 'latency', code: `latency.${known.class}`, said, lane: known.class });
    return;
  }
}

const isHopeless = ({ attempt, polls }: Routable): boolean =>
  attempt >= POLICY.retryLaneFrom || polls >= POLICY.pollLaneFrom;

function retry({ message: { attempt, polls, cause }, opinions }: Context): void {
  if (cause === 'operator' || cause === 'hastened') return;
  if (attempt >= POLICY.retryLaneFrom) {
    const said = `attempt ${attempt} is the third or later`;
    opinions.push({ stage: 'retry', code: 'retry.attempts', said, lane: 'retry' });
  } else if (polls >= POLICY.pollLaneFrom) {
    opinions.push({ stage: 'retry', code: 'retry.polls', said: `it was asked ${polls} times`, lane: 'retry' });
  }
}

function byDefault({ message: { kind, attempt, cause }, opinions }: Context): void {
  const [code, said] =
    kind === 'timer'
      ? ['default.timer', 'a timer occupies no handler']
      : cause === 'operator'
        ? ['default.operator', 'retried by hand']
        : cause === 'hastened'
          ? ['default.hastened', 'its time was set by hand']
          : cause === 'poll'
            ? ['default.poll', 'asked again']
            : cause === 'delayed'
              ? ['default.delayed', 'its node delays it']
              : ['default', `attempt ${attempt}, no rule says otherwise`];
  opinions.push({ stage: 'default', code, said, lane: kind === 'timer' ? 'fast' : 'normal' });
}

/** Every stage, in the order of its weight. What a timer waits for is a time, so the partners' stages are not asked. */
export const OPINIONS: readonly ((context: Context) => void)[] = [
  override,
  circuit,
  limit,
  rules,
  latency,
  (context) => {
    if (context.message.kind === 'task') retry(context);
  },
  byDefault,
];
