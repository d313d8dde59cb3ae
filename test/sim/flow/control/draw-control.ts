import type { Block, ControlBlock, TaskBlock, TaskPlan } from '../block.js';
import type { Dice } from '../dice.js';
import { losable, side, sure } from './restrict.js';

/** What of control may be drawn: races that cancel or hold, and blocks of their own. */
export type ControlKind = 'cancel' | 'hold' | 'mutex' | ControlBlock['kind'];

const PATIENCE = [2_000, 20_000, 90_000];
const TIMES = [0, 1_000, 5_000, 40_000];

export function drawControl(
  kind: ControlBlock['kind'],
  dice: Dice,
  path: string,
  inner: (name: number) => Block,
  plan: () => TaskPlan,
  mayNever: boolean,
): ControlBlock {
  const task = (name: string): TaskBlock => ({ kind: 'task', id: `t${path}${name}`, plan: plan(), after: null });
  switch (kind) {
    case 'copies':
      return { kind, id: `k${path}`, count: dice.between(2, 3), body: side(inner(0)) };
    case 'while':
      return { kind, id: `d${path}`, first: sure(inner(0)), host: task('h'), lead: inner(1), guest: task('d') };
    case 'compensate':
      return { kind, id: `u${path}`, what: 'all' };
    case 'border': {
      const ms = dice.chance(0.5) ? dice.pick(PATIENCE) : null;
      const answered = ms !== null || !mayNever || dice.chance(0.7);
      const interrupts = dice.chance(0.6);
      // Who is waited for may never come, if something at the border ends that.
      const isEnded = interrupts && (ms !== null || answered);
      const asked = { kind: 'wait', id: `m${path}h`, answered: !isEnded || dice.chance(0.4), timeoutMs: null } as const;
      const wait = { ...asked, writes: dice.chance(0.4), body: null, person: dice.chance(0.6) };
      const host = dice.chance(0.6) ? task('h') : wait;
      const body = inner(1);
      return { kind, id: `b${path}`, host, ms, answered, interrupts, body: interrupts ? body : sure(side(body)) };
    }
    case 'scope': {
      const how = dice.pick(['error', 'error', 'cancels', 'cancels', 'goes-on'] as const);
      const body = inner(0);
      const ms = dice.pick(TIMES);
      return { kind, id: `g${path}`, how, ms, body: how === 'goes-on' ? body : losable(body), rescue: inner(1) };
    }
  }
}

/** With `hold` the losers of one round may still run in the next. */
export const drawRace = (rest: 'cancel' | 'hold', dice: Dice, path: string, branches: readonly Block[]): Block => ({
  kind: 'race',
  id: `r${path}`,
  branches: branches.map(rest === 'cancel' ? losable : (one) => sure(side(one))),
  count: dice.between(1, Math.max(1, branches.length - Number(rest === 'cancel'))),
  rest,
});
