import { constructsIn } from '../flow/constructs.js';
import { markedPlays } from '../flow/wide/plays/play-plan.js';
import type { Scenario } from '../world/scenario.js';
import { drawScenario } from '../world/scenario.js';
import type { Stores } from './open-world.js';
import { drawRun, type Run, replayRun } from './run-schedule.js';
import { type Case, shrink } from './shrink.js';

/** What a search has come to. */
export interface Report {
  schedules: number;
  steps: number;
  readonly faults: Record<string, number>;
  readonly exercised: Record<string, number>;
  /** In how many schedules each construct of flows was drawn. */
  readonly drawn: Record<string, number>;
  /** Calls of handlers, and the effects they had. */
  calls: number;
  effects: number;
  readonly found: Found[];
}

/** A schedule that went wrong, made small. */
export interface Found extends Case {
  readonly name: string;
  readonly violations: readonly string[];
}

export interface Orders {
  readonly seed: number;
  readonly from: number;
  readonly schedules: number;
  /** Each is replayed before anything is drawn. */
  readonly regressions: readonly (Case & { readonly name: string })[];
  readonly shrinking: boolean;
  /** What is to be in nearly every world. */
  readonly focus?: Parameters<typeof drawScenario>[2];
}

/** Replays what once went wrong, then draws schedules until one goes wrong or all are done. */
export async function search(orders: Orders, stores: Stores): Promise<Report> {
  const report: Report = {
    schedules: 0,
    steps: 0,
    faults: {},
    exercised: {},
    drawn: {},
    calls: 0,
    effects: 0,
    found: [],
  };
  for (const { name, scenario, steps } of orders.regressions) {
    const run = await replayRun(scenario, steps, stores.open);
    add(report, run);
    if (run.violations.length > 0) report.found.push({ name, scenario, steps, violations: run.violations });
  }
  for (let number = orders.from; number < orders.from + orders.schedules && report.found.length === 0; number++) {
    const scenario = drawScenario(orders.seed, number, orders.focus);
    const run = await drawRun(scenario, stores.open);
    add(report, run);
    if (run.violations.length === 0) continue;
    const name = `seed ${orders.seed}, schedule ${number}`;
    report.found.push({ name, ...(await smallest(scenario, run, stores, orders.shrinking)) });
  }
  return report;
}

async function smallest(
  scenario: Scenario,
  run: Run,
  stores: Stores,
  shrinking: boolean,
): Promise<Omit<Found, 'name'>> {
  const whole = { scenario, steps: run.steps };
  const kind = kindOf(run.violations);
  if (!shrinking) return { ...whole, violations: run.violations };
  let { violations } = run;
  const small = await shrink(whole, async (tried) => {
    const again = await replayRun(tried.scenario, tried.steps, stores.open);
    if (kindOf(again.violations) !== kind) return false;
    ({ violations } = again);
    return true;
  });
  return { ...small, violations };
}

/** The invariant that went wrong first. */
const kindOf = (violations: readonly string[]): string | undefined => violations[0]?.split(':')[0];

function add(report: Report, { steps, world }: Run): void {
  report.schedules++;
  report.steps += steps.length;
  for (const [name, count] of Object.entries(world.faults)) report.faults[name] = (report.faults[name] ?? 0) + count;
  for (const [name, count] of Object.entries(world.exercised))
    report.exercised[name] = (report.exercised[name] ?? 0) + count;
  const { flows, plays = [], starts } = world.scenario;
  for (const name of new Set([...Object.values(flows).flatMap(constructsIn), ...markedPlays(plays, starts)]))
    report.drawn[name] = (report.drawn[name] ?? 0) + 1;
  report.calls += world.partner.total;
  report.effects += world.partner.books.size;
}
