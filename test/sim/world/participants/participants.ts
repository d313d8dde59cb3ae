import type { FenceVerdict } from '../../../../src/core/flow/tries/tcc/fence.js';
import type { Phase } from '../../../../src/core/flow/tries/tcc/rule.js';
import type { Json } from '../../../../src/core/json.js';
import { type FenceKey, FenceStore } from '../../../../src/engine/health/limits/fence-store.js';
import type { AttemptOrder, AttemptOutcome } from '../../../../src/engine/ports/handlers.js';
import { allOf, type Block } from '../../flow/block.js';
import { itemFor, PHASE_ORDER, partGives, type TccDoes } from '../../flow/wide/tcc/tcc-block.js';

/** One participant of one visit. */
interface Passed {
  readonly let: Phase[];
  /** It was cancelled before it had tried. */
  empty: boolean;
}

interface Effect {
  readonly unit: string;
  readonly output: Json;
  calls: number;
}

interface Asked extends Pick<AttemptOrder, 'input'> {
  readonly context: Omit<AttemptOrder['context'], 'with'>;
}

/**
 * Those behind nodes of participants, and whoever stands at the fence before them and takes down whom it lets through.
 * As partners must, they do what was settled no more, should it be asked for late.
 */
export class Participants {
  /** Nodes of participants, as `flow node`. */
  readonly nodes = new Map<string, TccDoes>();
  readonly violations: string[] = [];
  private readonly passed = new Map<string, Passed>();
  private readonly settled = new Set<string>();

  /** @param books what each has given, by the key that it was asked under. */
  constructor(
    flows: Readonly<Record<string, Block>>,
    private readonly books: Map<string, Effect>,
  ) {
    for (const [flow, block] of Object.entries(flows))
      for (const one of allOf(block))
        if (one.kind === 'wide' && one.does.kind === 'tcc') this.nodes.set(`${flow} ${one.id}`, one.does);
  }

  /** Whether only a person can settle it. */
  isForAPerson(flow: string, node: string, item: number | null): boolean {
    if (item === null || item % PHASE_ORDER.length === 0) return false;
    const plan = this.nodes.get(`${flow} ${node}`)?.participants[Math.floor(item / PHASE_ORDER.length)];
    return plan?.settles === null;
  }

  /** The fences of the store, and what they say is taken down. */
  watching(fences: FenceStore): FenceStore {
    return new WatchedFences(fences, (key, phase, verdict) => this.passes(nameOf(key), phase, verdict));
  }

  private passes(name: string, phase: Phase, verdict: FenceVerdict): void {
    if (verdict === 'refused') return;
    const of = this.passed.get(name) ?? { let: [], empty: false };
    this.passed.set(name, of);
    const wrong = (what: string): void => void this.violations.push(`${name} is let ${phase}, but ${what}`);
    const isSettled = of.empty || of.let.some((one) => one !== 'try');
    if (phase === 'try' && isSettled) wrong('it is settled');
    if (phase !== 'try' && verdict === 'go' && !of.let.includes('try')) wrong('it was never let try');
    if (phase !== 'try' && of.let.includes(phase === 'confirm' ? 'cancel' : 'confirm'))
      wrong('it is settled otherwise');
    if (verdict === 'empty') of.empty = true;
    else of.let.push(phase);
  }

  answer({ input, context }: Asked): AttemptOutcome {
    const { flow, instance, node, visit, attempt, idempotencyKey, transaction = '' } = context;
    const item = Number(idempotencyKey.split('.').at(-1));
    const [place, phase] = [Math.floor(item / PHASE_ORDER.length), PHASE_ORDER[item % PHASE_ORDER.length] as Phase];
    const plan = this.nodes.get(`${flow} ${node}`)?.participants[place];
    const name = `${instance}.${node}.${visit}.p${place}`;
    const wrong = (what: string): void => void this.violations.push(`${name} is asked to ${phase}, but ${what}`);
    if (transaction !== name) wrong(`the transaction is ${transaction}`);
    if (!plan) return failed('NO_SUCH_PART', true);
    if (!this.passed.get(name)?.let.includes(phase)) wrong('the fence has not let it through');
    // Whoever was let through may have stood still since.
    if (phase === 'try' && this.settled.has(name)) return failed('TOO_LATE', true);
    if (phase !== 'try') this.settled.add(name);
    const tried = textIn(this.books.get(`${instance}.${node}.${visit}.${itemFor(place, 'try')}`)?.output);
    const told = textIn(input['tried']);
    if (phase === 'confirm' && (tried === undefined || told !== tried)) wrong(`is told ${told} and has given ${tried}`);
    if (phase === 'cancel' && told !== undefined && told !== tried) wrong(`is told ${told} and has given ${tried}`);
    const most = phase === 'try' ? plan.fails : plan.settles;
    if (most === null) return failed('BROKEN', true);
    if (attempt <= most) return failed('FLAKY', false);
    if (phase === 'try' && plan.says === 'gone') return failed('REFUSED_HERE', true);
    const unit = `${instance}.${node}.${visit}.${item}`;
    const value = partGives(node, visit, item, String(input['salt']));
    const output = phase === 'try' && plan.says === 'no' ? { value, _result: false } : { value };
    const known = this.books.get(idempotencyKey) ?? { unit, output, calls: 0 };
    known.calls++;
    this.books.set(idempotencyKey, known);
    return { type: 'completed', output };
  }

  /** Whether a participant was ever let try. */
  hasTried = (name: string): boolean => this.passed.get(name)?.let.includes('try') ?? false;
}

class WatchedFences extends FenceStore {
  constructor(
    private readonly inner: FenceStore,
    private readonly saw: (key: FenceKey, phase: Phase, verdict: FenceVerdict) => void,
  ) {
    super();
  }

  override async pass(key: FenceKey, phase: Phase): Promise<FenceVerdict> {
    const verdict = await this.inner.pass(key, phase);
    this.saw(key, phase, verdict);
    return verdict;
  }
}

const textIn = (output: Json | undefined): string | undefined =>
  (output as { readonly value?: string } | null | undefined)?.value;

const nameOf = ({ instance, node, visit, participant }: FenceKey): string =>
  `${instance}.${node}.${visit}.${participant}`;

const failed = (code: string, permanent: boolean): AttemptOutcome => ({
  type: 'failed',
  code,
  message: 'The participant says no.',
  permanent,
});
