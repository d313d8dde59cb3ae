import type { Expression } from '../../../expression.js';
import type { Json } from '../../../json.js';
import type { Relation, RuleLeaf, RuleNode, RuleState } from './rule-tree.js';

/** What a leaf said. Kept over attempts, so that nothing that was done is done again. */
export interface LeafAnswer {
  readonly state: RuleState;
  readonly output: Json;
}

/**
 * What became of one part, in the order in which they ended: true, false, none; `O` outside of its window, `R` refused by
 * its forward, `E` failed.
 */
export interface RuleTrace {
  readonly path: string;
  readonly name: string;
  readonly mark: 'T' | 'F' | 'N' | 'O' | 'R' | 'E';
  /** Time spent in it, in milliseconds. */
  readonly ms: number;
  /** The answer was known from an earlier attempt. */
  readonly known?: true;
  /** Why it failed, also where that was made an answer. */
  readonly error?: string;
}

export interface RuleRun {
  /** The time that windows are compared with; milliseconds since the epoch. */
  readonly at: number;
  /** Answers of an earlier attempt, by path; new ones are added. */
  readonly answers: Map<string, LeafAnswer>;
  test(condition: Expression): boolean;
  call(leaf: Extract<RuleLeaf, { type: 'call' }>, part: RuleNode, at: number): Promise<LeafAnswer>;
  /** Any clock that runs evenly. */
  now(): number;
  /** Whether the attempt was stopped: what fails then has said nothing, so that is no answer. Absent: it never is. */
  isStopped?(): boolean;
}

export interface RuleVerdict {
  readonly state: RuleState;
  readonly trace: readonly RuleTrace[];
  /** The time after all shifts. */
  readonly at: number;
}

/** A part failed, and nothing above it made that an answer. */
export class RuleFailure extends Error {
  constructor(
    readonly part: RuleNode,
    readonly reason: unknown,
    /** It waits for a person. */
    readonly parked: boolean,
    readonly trace: readonly RuleTrace[],
  ) {
    super(reason instanceof Error ? reason.message : String(reason));
  }
}

/**
 * Runs a rule tree, depth first and in order.
 * @throws {RuleFailure} when a part fails and no `onError` makes that an answer.
 */
export async function evaluateRules(root: RuleNode, run: RuleRun): Promise<RuleVerdict> {
  return new Evaluation(run).run(root);
}

const MARKS = { true: 'T', false: 'F', none: 'N' } as const;

class Evaluation {
  private readonly trace: RuleTrace[] = [];
  private at: number;

  constructor(private readonly rules: RuleRun) {
    this.at = rules.at;
  }

  async run(root: RuleNode): Promise<RuleVerdict> {
    const state = await this.visit(root);
    return { state, trace: this.trace, at: this.at };
  }

  private async visit(part: RuleNode): Promise<RuleState> {
    const began = this.rules.now();
    const { window, forward } = part;
    if (window && (this.at < window.fromMs || this.at > window.toMs)) return this.ended(part, 'none', 'O', began);
    try {
      const before = forward ? await this.visit(forward) : 'none';
      if (before === 'false') return this.ended(part, 'false', 'R', began);
      const known = this.rules.answers.has(part.path);
      const own = await this.own(part);
      const state = own === 'none' && before === 'true' ? 'true' : own;
      return this.ended(part, turned(part, state), null, began, known ? { known } : {});
    } catch (fault) {
      return this.failed(part, fault, began);
    }
  }

  private async own(part: RuleNode): Promise<RuleState> {
    const { rule, path } = part;
    const { answers } = this.rules;
    if ('children' in rule) return this.relation(rule);
    if (rule.type === 'shift') {
      this.at = 'by' in rule ? this.at + rule.by : rule.to;
      return 'none';
    }
    const known = answers.get(path);
    if (known) return known.state;
    const answer =
      rule.type === 'when'
        ? ({ state: this.rules.test(rule.condition) ? 'true' : 'false', output: null } as const)
        : await this.rules.call(rule, part, this.at);
    answers.set(path, answer);
    return answer.state;
  }

  /** `and` ends at the first false, `any` at the first true; the others run all of their parts. */
  private async relation({ type, children }: Relation): Promise<RuleState> {
    let isTrue = false;
    let isFalse = false;
    for (const child of children) {
      const state = await this.visit(child);
      if (type === 'and' && state === 'false') return 'false';
      if (type === 'any' && state === 'true') return 'true';
      isTrue ||= state === 'true';
      isFalse ||= state === 'false';
    }
    if (type === 'none') return 'none';
    if (type === 'always' || isTrue) return 'true';
    return isFalse ? 'false' : 'none';
  }

  /** A failure is no answer, unless the part says which one it is. */
  private failed(part: RuleNode, fault: unknown, began: number): RuleState {
    const { onError, path } = part;
    const error = (fault instanceof Error ? fault.message : String(fault)).slice(0, 200);
    if (fault instanceof RuleFailure && fault.parked) throw fault;
    const isStopped = this.rules.isStopped?.() === true;
    if (isStopped || onError === 'stop' || onError === 'park') {
      this.ended(part, 'none', 'E', began, { error });
      const [origin, reason] = fault instanceof RuleFailure ? [fault.part, fault.reason] : [part, fault];
      throw new RuleFailure(origin, reason, onError === 'park' && !isStopped, this.trace);
    }
    if (!('children' in part.rule)) this.rules.answers.set(path, { state: onError, output: null });
    return this.ended(part, turned(part, onError), null, began, { error });
  }

  private ended(
    { path, name }: RuleNode,
    state: RuleState,
    mark: RuleTrace['mark'] | null,
    began: number,
    more: Pick<RuleTrace, 'known' | 'error'> = {},
  ): RuleState {
    this.trace.push({ path, name, mark: mark ?? MARKS[state], ms: this.rules.now() - began, ...more });
    return state;
  }
}

function turned({ inverse }: RuleNode, state: RuleState): RuleState {
  if (!inverse || state === 'none') return state;
  return state === 'true' ? 'false' : 'true';
}
