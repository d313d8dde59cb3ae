import { judgeEvent, type Trigger } from '../../../core/definition/starting/trigger.js';
import { type JsonObject, jsonBytes } from '../../../core/json.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { Identity } from '../../ports/identity.js';
import type { Store } from '../../ports/store.js';
import { isAnothers, type Stands } from '../plays/stands.js';
import type { StartRefusal } from '../refusal.js';
import type { StartCommand, StartInstance } from '../start-instance.js';
import type { Triggers } from './triggers.js';

/** A message, as triggers see it. */
export interface TriggerEvent {
  readonly id: string;
  readonly name: string;
  readonly payload: JsonObject;
}

/** A play says no, and nothing is wrong. */
const PASSED: readonly StartRefusal['code'][] = ['PLAY_PAUSED', 'PLAY_ENDED', 'PLAY_NOT_OPEN', 'NOT_IN_AUDIENCE'];

/** A message, or a tick. */
interface Heard extends Omit<TriggerEvent, 'name'> {
  /** Of the message; `null`: it is a tick. */
  readonly name: string | null;
  /** The business key of what it starts, where the flow has none of its own. */
  readonly key?: string;
}

export interface Fired {
  readonly trigger: string;
  /** The play that it asked; absent: it asked none. */
  readonly play?: string;
  readonly flow: string;
  readonly instance: string;
  /** It was there before. */
  readonly duplicate: boolean;
}

type Outcome = { readonly fired: Fired; readonly stands: Stands | undefined } | null;

export interface FireTriggersParts {
  readonly triggers: Triggers;
  readonly store: Store;
  readonly start: Pick<StartInstance, 'execute'>;
  readonly identity: Identity;
}

/**
 * Starts what an event starts. Every start has an identity made of the trigger and the event, so that the same event
 * told twice, or to two engines at once, starts nothing twice; whoever tells it may therefore simply tell it again.
 */
export class FireTriggers {
  constructor(private readonly parts: FireTriggersParts) {}

  /**
   * What one trigger cannot start hinders no other: it goes to the quarantine. `busy`: there is no room for more
   * instances now, and the same event is to be told again.
   * @throws {StoreUnavailable} when the database is away; the same event may be told again.
   */
  async execute(event: TriggerEvent): Promise<Result<readonly Fired[], 'busy'>> {
    const asked = this.parts.triggers.on(event.name);
    if (asked.length === 0) return ok([]);
    const at = await this.parts.store.now();
    const fired: Fired[] = [];
    for (const trigger of asked) {
      const answer = await this.ask(trigger, event, at);
      if (!answer.ok) return answer;
      fired.push(...answer.value);
    }
    return ok(fired);
  }

  /**
   * The same of one tick of a trigger that goes by a clock.
   * @param tick when it was due, in milliseconds since the epoch.
   * @param late whether it was missed and is made up for.
   */
  tick(trigger: Trigger, tick: number, late: boolean): Promise<Result<readonly Fired[], 'busy'>> {
    const at = new Date(tick).toISOString();
    const payload = { trigger: trigger.code, at, local: trigger.cron?.localAt(tick) ?? at, late };
    return this.ask(trigger, { id: `tick:${at}`, name: null, payload, key: `${trigger.code}@${at}` }, tick);
  }

  private async ask(trigger: Trigger, event: Heard, at: number): Promise<Result<readonly Fired[], 'busy'>> {
    const { triggers, store } = this.parts;
    const { code, quota, play } = trigger;
    const judged = judgeEvent(trigger, event.payload, event.id, at);
    if (judged.type === 'passed') {
      triggers.count(code, 'passed');
      return ok([]);
    }
    if (judged.type === 'failed') {
      const from = { exchange: '', routingKey: event.name ?? code, headers: { 'sluice-trigger': code } };
      await this.keep(event.payload, { source: 'message', ...from }, judged);
      triggers.count(code, 'failed');
      return ok([]);
    }
    const identity = this.hash(judged.identity);
    const claim = { trigger: code, identity, share: this.hash(judged.share) };
    const claimed = quota ? await store.triggers.claim(claim, quota.max) : 'again';
    if (claimed === 'over') {
      triggers.count(code, 'over');
      return ok([]);
    }
    const fired: Fired[] = [];
    for (const one of play && 'of' in play ? await store.plays.liveOf(play.of) : [play]) {
      const named = one === null ? {} : { play: one.code };
      const receipt = `trigger:${code}:${identity}${one === null ? '' : `:${one.code}`}`;
      const key = event.key === undefined ? {} : { keyElse: event.key };
      const command = { flow: trigger.flow, input: judged.input, receipt, ...named, ...key };
      const answer = await this.start(trigger, command, at);
      if (!answer.ok) return answer;
      // Another instance lives under its business key: nothing was started, so nothing of the quota is used.
      if (answer.value?.fired.duplicate && quota && isAnothers(answer.value.stands, claimed, at))
        await store.triggers.release(claim);
      if (answer.value) fired.push(answer.value.fired);
    }
    return ok(fired);
  }

  private async start(
    { code }: Trigger,
    command: StartCommand & { readonly input: JsonObject; readonly receipt: string },
    at: number,
  ): Promise<Result<Outcome, 'busy'>> {
    const { triggers } = this.parts;
    const answer = await this.parts.start.execute(command);
    if (answer.ok) {
      const { id: instance, flow, duplicate, sent, stands } = answer.value;
      await sent;
      triggers.count(code, duplicate ? 'duplicate' : 'started', duplicate ? null : at);
      const play = command.play === undefined ? {} : { play: command.play };
      return ok({ fired: { trigger: code, ...play, flow, instance, duplicate }, stands });
    }
    const { error } = answer;
    if (error.code === 'BUSY') return err('busy');
    if (error.code === 'PLAY_USED_UP' || PASSED.includes(error.code)) {
      triggers.count(code, error.code === 'PLAY_USED_UP' ? 'over' : 'passed');
      return ok(null);
    }
    // As a start message it can be replayed, with the identity that it had.
    const asStart = { source: 'start', exchange: 'sluice.start', routingKey: command.flow } as const;
    const play = command.play === undefined ? {} : { 'sluice-play': command.play };
    const headers = { messageId: command.receipt, 'sluice-trigger': code, ...play };
    await this.keep(command.input, { ...asStart, headers }, error);
    triggers.count(code, 'failed');
    return ok(null);
  }

  private async keep(
    body: JsonObject,
    from: { source: 'start' | 'message'; exchange: string; routingKey: string; headers: JsonObject },
    { code = 'TRIGGER_FAILED', message }: { readonly code?: string; readonly message: string },
  ): Promise<void> {
    const text = JSON.stringify(body);
    const record = { code, reason: message, body: text, encoding: 'utf8', size: jsonBytes(body) } as const;
    await this.parts.store.quarantine({ ...from, ...record, sha256: this.hash(text) });
  }

  private hash(text: string): string {
    return this.parts.identity.sha256(new TextEncoder().encode(text));
  }
}
