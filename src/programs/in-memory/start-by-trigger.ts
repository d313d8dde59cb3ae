import type { Play } from '../../core/definition/starting/play.js';
import type { Trigger } from '../../core/definition/starting/trigger.js';
import type { JsonObject } from '../../core/json.js';
import type { Engine } from '../../engine/engine.js';
import type { Store } from '../../engine/ports/store.js';

/** How many alarms of virtual time a clock may let pass before it starts something. */
const MOST_ALARMS = 1_000;

/** What starts a run in memory instead of a start: an event that a trigger hears, or its clock. */
export interface TriggerOrder {
  readonly trigger: Trigger;
  /** The payload of the message; of no meaning to a clock. */
  readonly event: JsonObject;
}

export interface Stage {
  readonly engine: Engine;
  readonly store: Store;
  readonly flow: string;
  /** What the play that the trigger names has configured, if it names one. */
  readonly params: JsonObject | null;
  /** Lets what needs no time happen, then jumps to the next alarm. */
  readonly jump: () => Promise<void>;
  /** The instance that was started, if there is one by now. */
  readonly started: () => string | undefined;
}

/** Puts a trigger in force and lets it start something; answers the instance, or `null` when it starts nothing. */
export async function startByTrigger(order: TriggerOrder, stage: Stage): Promise<string | null> {
  const { trigger, event } = order;
  const { engine, store, flow, params } = stage;
  if (trigger.play) {
    const code = 'code' in trigger.play ? trigger.play.code : 'here';
    await store.plays.create({
      ...BARE,
      code,
      flow,
      params: params ?? {},
      what: 'created',
      by: 'a test',
      reason: null,
    });
  }
  engine.triggers.follow([trigger]);
  if (trigger.on !== null) {
    const sent = await engine.beside.messaging.send.execute({ name: trigger.on, payload: event });
    return (sent.ok && sent.value.started[0]?.instance) || null;
  }
  await engine.beside.ticks.execute();
  for (let alarms = 0; alarms < MOST_ALARMS; alarms += 1) {
    const soonMs = engine.beside.ticks.soonMs();
    if (soonMs === null) return null;
    await stage.jump();
    await engine.beside.ticks.execute();
    const started = stage.started();
    if (started !== undefined) return started;
  }
  return null;
}

const BARE: Omit<Play, 'code' | 'flow' | 'params'> = {
  title: null,
  window: null,
  audience: null,
  quota: null,
  state: 'live',
};
