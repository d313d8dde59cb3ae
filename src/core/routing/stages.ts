import { type Gate, gateOf } from './health/circuit.js';
import type { Opinion, Routable } from './opinion.js';
import { POLICY } from './policy.js';
import { matches } from './rules.js';
import type { Snapshot } from './snapshot.js';
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

function override({ message, snapshot, now, opinions }: Context): void {
  for (const { code, match, lane, hold, until, reason } of snapshot.overrides) {
    if (until <= now || !matches(match, message)) continue;
    const said = `an operator says so until ${new Date(until).toISOString()}: ${reason}`;
    const held = hold ? { action: 'hold' as const, delayMs: until - now } : {};
    opinions.push({ stage: 'override', code: `override.${code}`, said, ...(lane && { lane }), ...held });
  }
}

/** The worst state in the chain: what waits longest, else whether it is a probe. */
function circuit({ message, snapshot, now, chain, opinions }: Context): void {
  let worst: { readonly subject: Subject; readonly gate: Gate } | undefined;
  for (const subject of chain) {
    const known = snapshot.subjects.get(subject)?.circuit;
    if (!known || known.state === 'closed') continue;
    const gate = gateOf(known, message.id, now);
    if (gate.type !== 'pass' && (!worst || waitOf(gate) > waitOf(worst.gate))) worst = { subject, gate };
  }
  if (!worst || worst.gate.type === 'pass' || isIgnored({ message, snapshot, now })) return;
  const { subject, gate } = worst;
  const said = `the circuit of ${subject} ${gate.said}`;
  if (gate.type === 'probe') opinions.push({ stage: 'circuit', code: 'circuit.probe', said, lane: 'probe' });
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

const isIgnored = ({ message, snapshot, now }: Pick<Context, 'message' | 'snapshot' | 'now'>): boolean =>
  snapshot.overrides.some((one) => one.ignoreCircuit && one.until > now && matches(one.match, message));

/** A delay is asked for once: what a circuit kept back has waited for it already. */
function rules({ message, snapshot, opinions }: Context): void {
  for (const { code, match, lane, minDelayMs, reason } of snapshot.rules) {
    if (!matches(match, message)) continue;
    const delay = minDelayMs > 0 && message.cause !== 'deferred' ? { delayMs: minDelayMs } : {};
    opinions.push({ stage: 'rule', code: `rule.${code}`, said: reason, ...(lane && { lane }), ...delay });
  }
}

/** `normal` is no opinion: if it were one, the number of attempts could never say anything. */
function latency({ message, snapshot, chain, opinions }: Context): void {
  for (const subject of chain) {
    const known = snapshot.subjects.get(subject)?.latency;
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
  if (cause === 'operator') return;
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
        : cause === 'poll'
          ? ['default.poll', 'asked again']
          : ['default', `attempt ${attempt}, no rule says otherwise`];
  opinions.push({ stage: 'default', code, said, lane: kind === 'timer' ? 'fast' : 'normal' });
}

/** Every stage, in the order of its weight. What a timer waits for is a time, so the partners' stages are not asked. */
export const OPINIONS: readonly ((context: Context) => void)[] = [
  override,
  circuit,
  rules,
  latency,
  (context) => {
    if (context.message.kind === 'task') retry(context);
  },
  byDefault,
];
