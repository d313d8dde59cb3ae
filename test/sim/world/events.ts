import type { Trigger } from '../../../src/core/definition/starting/trigger.js';
import { path } from '../../support/build-definition.js';
import type { LetterMessage } from './lanes.js';
import type { StartPlan } from './start-plan.js';

const nameOf = (event: string): string => `order-${event}`;

/** The message that tells of an event, with what each instance that it starts is to have. */
export function messageOf(event: string, starts: readonly StartPlan[]): LetterMessage {
  const inputs = Object.fromEntries(starts.map(({ receipt, input }) => [receipt, input]));
  return {
    body: new TextEncoder().encode(JSON.stringify({ inputs })),
    messageId: `event ${event}`,
    contentType: 'application/json',
    contentEncoding: null,
    headers: {},
    exchange: 'sluice.messages',
    routingKey: nameOf(event),
  };
}

/** A trigger for each instance that an event starts; every second one may start one and no more. */
export const triggersOf = (starts: readonly StartPlan[]): Trigger[] =>
  starts.flatMap(({ event, flow, receipt, input, play }, at) =>
    event === undefined
      ? []
      : [
          {
            code: receipt,
            title: null,
            on: nameOf(event),
            cron: null,
            play: play === undefined ? null : at % 3 === 0 ? { of: flow } : { code: play },
            when: null,
            flow: play === undefined ? flow : '',
            input: new Map(Object.keys(input).map((name) => [name, path(`event.inputs.${receipt}.${name}`)])),
            dedupe: null,
            quota: at % 2 === 0 ? { max: 1, by: null } : null,
            window: null,
          },
        ],
  );
