import type { Json } from '../../../../../src/core/json.js';
import { type Ask, givenToRule } from '../wide-block.js';
import { pathTo, type RulePart, type RulesDoes } from './rules-block.js';

type State = 'true' | 'false' | 'none';
/** What becomes of a part: what it is, or that it fails, which may wait for a person. */
type End = State | 'failed' | 'parked';

/** What leaves have said in this attempt and earlier ones, by path. */
export type Said = Map<string, { readonly is: State; readonly gave: string | null }>;

/** What a tree comes to; `null`: the attempt fails. */
export function tellRules({ root, at }: RulesDoes, said: Said, salt: string, ask: Ask): Json {
  const marks: string[] = [];
  let now = at ?? 0;

  const ended = (path: string, is: End, mark?: string): End => {
    marks.push(`${path} ${mark ?? { true: 'T', false: 'F', none: 'N', failed: 'E', parked: 'E' }[is]}`);
    return is;
  };
  const leaf = (part: RulePart, path: string): End => {
    if (part.shift) {
      now = 'by' in part.shift ? now + part.shift.by : part.shift.to;
      return 'none';
    }
    const known = said.get(path);
    if (known) return known.is;
    const gave = part.ask ? ask(path, part.ask, givenToRule(salt, now)) : null;
    if (part.ask && gave === null) return 'failed';
    const is = part.rule === 'quiet' ? 'none' : part.says ? 'true' : 'false';
    said.set(path, { is, gave });
    return is;
  };
  /** Each relation as its row in the table of docs/definition-format.md has it. */
  const relation = ({ rule, parts }: RulePart, path: string): End => {
    const seen: End[] = [];
    for (const [i, child] of parts.entries()) {
      const is = visit(child, pathTo(path, i));
      if (is === 'failed' || is === 'parked') return is;
      seen.push(is);
      if ((rule === 'and' && is === 'false') || (rule === 'any' && is === 'true')) return is;
    }
    if (rule === 'none') return 'none';
    if (rule === 'always') return 'true';
    return seen.includes('true') ? 'true' : seen.includes('false') ? 'false' : 'none';
  };
  const visit = (part: RulePart, path: string): End => {
    const { window, forward, inverse, onError } = part;
    if (window && (now < window.from || now > window.to)) return ended(path, 'none', 'O');
    const turned = (is: State): End => ended(path, !inverse || is === 'none' ? is : is === 'true' ? 'false' : 'true');
    const before = forward ? visit(forward, pathTo(path, 'f')) : 'none';
    if (before === 'false') return ended(path, 'false', 'R');
    const hasFailed = before === 'failed' || before === 'parked';
    const is = hasFailed ? before : RELATIONS.has(part.rule) ? relation(part, path) : leaf(part, path);
    // Nothing above a part that waits for a person takes that.
    if (is === 'parked') return 'parked';
    if (is === 'failed') {
      if (onError === undefined || onError === 'park') {
        ended(path, 'failed');
        return onError === 'park' ? 'parked' : 'failed';
      }
      if (!RELATIONS.has(part.rule)) said.set(path, { is: onError, gave: null });
      return turned(onError);
    }
    return turned(is === 'none' && before === 'true' ? 'true' : is);
  };

  const state = visit(root, 'r');
  if (state === 'failed' || state === 'parked') return null;
  const gave: Record<string, string> = {};
  const give = (part: RulePart, path: string): void => {
    const answer = said.get(path);
    if (part.rule === 'result' && answer?.is === 'true' && answer.gave !== null) gave[path] = answer.gave;
    if (part.forward) give(part.forward, pathTo(path, 'f'));
    for (const [i, child] of part.parts.entries()) give(child, pathTo(path, i));
  };
  give(root, 'r');
  return { state, gave, marks, at: at === null ? null : now };
}

const RELATIONS: ReadonlySet<string> = new Set(['and', 'any', 'all', 'none', 'always']);

/** What a node of rules gave, as {@link tellRules} tells it: without how long anything took. */
export function rulesShown(output: Json, { at }: RulesDoes, unitAt: (moment: number) => number): Json {
  const {
    state,
    gave,
    trace,
    at: after,
  } = output as {
    state: State;
    gave: Record<string, { value: string }>;
    trace: readonly { path: string; mark: string }[];
    at: string;
  };
  return {
    state,
    gave: Object.fromEntries(Object.entries(gave).map(([name, one]) => [name, one?.value ?? null])),
    marks: trace.map(({ path, mark }) => `${path} ${mark}`),
    at: at === null ? null : unitAt(Date.parse(after)),
  };
}
