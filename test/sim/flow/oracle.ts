import type { Json, JsonObject } from '../../../src/core/json.js';
import { type Block, type EachBlock, SUB_FAILED, type TaskBlock } from './block.js';
import { type ControlChoices, tellControl } from './control/tell-control.js';
import { fingerprint } from './dice.js';
import { placesOf, planAt } from './items/each-block.js';
import { type ItemEnd, tellItems } from './items/tell-each.js';
import { NO_WIDE_CHOICES, type WideChoices } from './wide/choices.js';
import { givenInstead, tellWide } from './wide/tell-wide.js';

/** What must have happened to an instance when all is quiet: told from the blocks, without edges, arrivals or events. */
export interface Told {
  /** How many times each node is entered. */
  readonly visits: Readonly<Record<string, number>>;
  /** Failed attempts by `node.visit`, of tasks that are done. */
  readonly fails: Readonly<Record<string, number>>;
  /** Outputs by `node.visit`. */
  readonly outputs: Readonly<Record<string, string>>;
  /** How often parts of work are asked when nothing goes wrong but what is planned, by `node.visit/part`. */
  readonly asks: Readonly<Record<string, number>>;
  readonly vars: JsonObject;
  /** Task visits, and calls of flows that fail, that stay incidents. */
  readonly stuck: readonly string[];
  /** Visits that wait for what never comes. */
  readonly held: readonly string[];
  readonly finished: boolean;
  /** The end that it reaches. */
  readonly outcome: string | null;
}

/** What came of a call: it went on, it went on by its line for errors, it is an incident, it waits. */
export type CallEnd = 'through' | 'by-error' | 'stuck' | 'held';

/** What only time could decide. Each choice is judged by itself elsewhere; the oracle tells what follows from it. */
export interface Choices extends ControlChoices, WideChoices {
  /** Whether a wait ran out; `null`: neither that nor a message. */
  readonly ranOut: (id: string, visit: number) => boolean | null;
  readonly called: (id: string, visit: number) => CallEnd;
  /** Of a node with items, what came of each; and whether it went by its line for errors. */
  readonly item: (id: string, visit: number, item: number) => ItemEnd;
  readonly byError: (id: string, visit: number) => boolean;
  /** Of what may be given up at any moment: whether it was entered, and whether it is done. */
  readonly entered: (id: string, visit: number) => boolean;
  readonly came: (id: string, visit: number) => boolean;
  readonly gave: (unit: string) => boolean;
  /** Whether a visit, or an item, by its name is undone. */
  readonly undone: (unit: string) => boolean;
}

export const NO_CHOICES: Choices = {
  ...NO_WIDE_CHOICES,
  ranOut: () => false,
  called: () => 'through',
  item: () => 'done',
  byError: () => false,
  entered: () => true,
  came: () => true,
  gave: () => true,
  undone: () => false,
  winners: () => null,
  skipped: () => false,
  strikes: () => [],
};

/** The value that a partner gives for a task: what it was asked, folded into a short text. */
export const answerOf = (id: string, visit: number, salt: string | null, before: string | null): string =>
  fingerprint(`${id}.${visit}:${salt}:${before}`);

/** What a partner gives for having undone what has given that. */
export const undoneFor = (value: string): string => fingerprint(`undone ${value}`);

/** What is in the letters for a node of whoever has that receipt. */
export const letterFor = (id: string, receipt: string): string => fingerprint(`${id} of ${receipt}`);

export function tell(block: Block, salt: string, receipt = '', choices: Choices = NO_CHOICES): Told {
  const visits: Record<string, number> = { begin: 1 };
  const fails: Record<string, number> = {};
  const outputs: Record<string, string> = {};
  const asks: Record<string, number> = {};
  const latest: Record<string, string> = {};
  const vars: Record<string, Json> = {};
  const stuck: string[] = [];
  const held: string[] = [];
  /** Whether what is told may be given up at any moment: then only what is there has happened. */
  let isLosing = false;
  const next = (id: string): number => (visits[id] ?? 0) + 1;
  /** Answers its number; 0: it was not entered. */
  const enter = (id: string): number => {
    const visit = next(id);
    if (isLosing && !choices.entered(id, visit)) return 0;
    visits[id] = visit;
    return visit;
  };
  const isGivenUp = (id: string, visit: number): boolean => visit === 0 || (isLosing && !choices.came(id, visit));
  const losing = (block: Block): boolean => {
    const before = isLosing;
    isLosing = true;
    const came = walk(block);
    isLosing = before;
    return came;
  };

  /** What undoing it has given, if it is undone. */
  const undone = (unit: string, undoFails: number): void => {
    if (!choices.undone(unit)) return;
    outputs[`${unit}.undo`] = undoneFor(outputs[unit] as string);
    fails[`${unit}.undo`] = undoFails;
  };

  const perform = ({ id, plan, after }: TaskBlock): boolean => {
    const visit = enter(id);
    if (isGivenUp(id, visit)) return false;
    if (plan.never) {
      stuck.push(`${id}.${visit}`);
      return false;
    }
    const reads = plan.reads !== 'nothing';
    const before = reads && after !== null ? (latest[after] ?? null) : null;
    const instead = plan.more && givenInstead(id, plan.more, salt, choices.degraded(`${id}.${visit}`));
    const value = instead ?? answerOf(id, visit, reads ? (plan.more?.plays ? choices.prize() : salt) : null, before);
    if (!instead) fails[`${id}.${visit}`] = plan.fails;
    outputs[`${id}.${visit}`] = value;
    latest[id] = value;
    if (plan.writes) vars[`v_${id}`] = value;
    if (plan.undo !== undefined) undone(`${id}.${visit}`, plan.undo);
    return true;
  };

  /** What a wait receives is its output. */
  const receive = (id: string, visit: number, writes: boolean): boolean => {
    const value = letterFor(id, receipt);
    outputs[`${id}.${visit}`] = value;
    if (writes) vars[`v_${id}`] = value;
    return true;
  };

  /** Answers whether it goes on, by whichever line. */
  const each = (at: EachBlock): boolean => {
    const visit = enter(at.id);
    const unit = `${at.id}.${visit}`;
    const gives = (name: string, item: number, text: string): void => {
      outputs[name] = at.flow === null ? answerOf(`${at.id}#${item}`, visit, salt, text) : 'done';
      if (at.flow !== null) return;
      fails[name] = planAt(at, item)?.fails ?? 0;
      const { undo } = planAt(at, item) ?? {};
      if (undo !== undefined) undone(name, undo);
    };
    const came = choices.cameTo(at.id, visit);
    const ends = placesOf(at, came).map((item) => choices.item(at.id, visit, item));
    if (visit === 0) return false;
    const { closes, counted } = tellItems(at, unit, { ends, came, gives, stuck, held });
    if (isGivenUp(at.id, visit)) return false;
    if (choices.byError(at.id, visit)) return at.body !== null && walk(at.body) && merge(at.id, at.body);
    if (closes && at.writes) vars[`v_${at.id}`] = counted;
    return closes && merge(at.id, at.body);
  };

  /** Refused for good, which a line for errors takes up. */
  const refused = (id: string): boolean => {
    const visit = enter(id);
    if (!isGivenUp(id, visit)) fails[`${id}.${visit}`] = 1;
    return !isGivenUp(id, visit);
  };

  const merge = (id: string, body: Block | null): boolean => body === null || enter(`${id}_merge`) > 0;

  /** Answers whether it came through. */
  const walk = (at: Block): boolean => {
    switch (at.kind) {
      case 'task':
        return perform(at);
      case 'each':
        return each(at);
      case 'timer':
        return !isGivenUp(at.id, enter(at.id));
      case 'seq':
        return at.blocks.every(walk);
      case 'catch':
        if (!refused(`${at.id}_try`)) return false;
        return walk(at.body) && enter(`${at.id}_merge`) > 0;
      case 'xor':
        enter(`${at.id}_split`);
        return walk(at.branches[at.pick] as Block) && enter(`${at.id}_merge`) > 0;
      case 'and':
        enter(`${at.id}_split`);
        return at.branches.map(walk).every(Boolean) && enter(`${at.id}_join`) > 0;
      case 'wide':
        return tellWide(at, teller);
      case 'or': {
        enter(`${at.id}_split`);
        const picks = at.picks.length > 0 ? at.picks : [at.branches.length - 1];
        const through = picks.map((pick) => walk(at.branches[pick] as Block));
        return through.every(Boolean) && enter(`${at.id}_join`) > 0;
      }
      case 'loop':
        if (enter(`${at.id}_zero`) === 0) return false;
        vars[at.id] = 0;
        for (let round = 1; round <= at.times; round++) {
          if (enter(`${at.id}_next`) === 0) return false;
          vars[at.id] = round;
          if (!walk(at.body) || enter(`${at.id}_again`) === 0) return false;
        }
        return true;
      case 'wait': {
        const visit = enter(at.id);
        if (isGivenUp(at.id, visit)) return false;
        const ranOut = choices.ranOut(at.id, visit);
        if (ranOut === null && !at.answered && at.timeoutMs === null) held.push(`${at.id}.${visit}`);
        if (ranOut === null) return false;
        if (ranOut) return at.body !== null && walk(at.body) && merge(at.id, at.body);
        return receive(at.id, visit, at.writes) && merge(at.id, at.body);
      }
      case 'event': {
        const visit = enter(`${at.id}_first`);
        if (visit === 0) return false;
        for (const { id } of at.arms) enter(id);
        const first = at.arms.findIndex(({ id }) => choices.ranOut(id, visit) !== null);
        const [arm, branch] = [at.arms[first], at.branches[first]];
        if (!arm || !branch) return false;
        if (arm.ms === null) receive(arm.id, visit, false);
        return walk(branch) && enter(`${at.id}_merge`) > 0;
      }
      case 'call': {
        const visit = enter(at.id);
        if (isGivenUp(at.id, visit)) return false;
        const end = choices.called(at.id, visit);
        const unit = `${at.id}.${visit}`;
        if (end === 'stuck') stuck.push(unit);
        if (end === 'held') held.push(unit);
        if (end === 'through') outputs[unit] = at.detach ? DETACHED : 'done';
        if (end === 'through' && at.undo && choices.undone(unit)) outputs[`${unit}.undo`] = 'done';
        if (end === 'through') return merge(at.id, at.body);
        return end === 'by-error' && at.body !== null && walk(at.body) && merge(at.id, at.body);
      }
      case 'fails':
        return walk(at.body) && enter(`${at.id}_fail`) > 0;
      default:
        return tellControl(at, teller);
    }
  };
  const teller = { enter, walk, losing, isGivenUp, refused, choices, next, salt, receipt, fails, outputs, vars, asks };
  const end = block.kind === 'fails' ? SUB_FAILED : 'done';
  const finished = walk(block) && (block.kind === 'fails' || enter('done') > 0);
  // What goes on beside a node has an end of its own, of the same name.
  const isAside = Object.keys(visits).some((id) => id.endsWith('_aside'));
  const outcome = finished ? end : isAside ? 'done' : null;
  return { visits, fails, outputs, asks, vars, stuck, held, finished, outcome };
}

/** How the output of a call shows that does not wait. */
export const DETACHED = 'detached';
