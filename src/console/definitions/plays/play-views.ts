import { z } from 'zod';
import { STATUSES } from '../../requests.js';
import { Started } from '../../views.js';

const count = z.int();
const at = z.string().describe('ISO 8601, UTC.');
const code = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected a code of small letters, digits and "-", a letter first, at most 63');
const object = z.record(z.string(), z.unknown());
const flow = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'expected the id of a flow');
const reason = z.string().min(1).max(1_000).optional().describe('For everyone who asks why.');
const moment = z.iso.datetime({ offset: true, error: 'expected a time with its zone' });
const window = z.strictObject({ from: moment.optional(), to: moment.optional() }).describe('Both ends belong to it.');
const expression = z.string().min(1).max(2_000);
const quota = z
  .strictObject({ max: z.int().min(1).max(1_000_000_000), by: expression.optional() })
  .describe('Most starts, for ever; with `by`, for each value of it.');
const STATES = ['live', 'paused', 'ended'] as const;
const state = z.enum(STATES);

const configured = {
  title: z.string().min(1).max(200).nullable().optional(),
  params: object.optional().describe('What the schema under `play` of the flow asks for.'),
  window: window.nullable().optional(),
  audience: expression.nullable().optional().describe('A condition over `input` and `play`. Without it: everybody.'),
  quota: quota.nullable().optional(),
};

export const PlayPath = z.strictObject({ code });
export const PlaysQuery = z.strictObject({
  flow: flow.optional(),
  state: state.optional(),
  cursor: z.string().min(1).max(500).optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'expected a whole number from 1')
    .transform(Number)
    .pipe(z.number().max(200))
    .default(50)
    .describe('1 to 200.'),
});
export const PlayBody = z.strictObject({ code, flow, ...configured, reason });
export const ChangePlayBody = z.strictObject({
  ...configured,
  revision: z.int().min(1).optional().describe('What the change was made from. Another one since: 409.'),
  reason,
});
export const TurnPlayBody = z.strictObject({ reason });
export const PlayStartBody = z.strictObject({
  key: z.string().min(1).max(190).optional(),
  input: object.default({}).describe("What the flow's input schema asks for."),
});

export const PlayRow = z.strictObject({
  code: z.string(),
  title: z.string().nullable(),
  flow: z.string(),
  state,
  revision: count,
  params: object,
  window: z.strictObject({ from: at.nullable(), to: at.nullable() }).nullable(),
  audience: z.string().nullable(),
  quota: z.strictObject({ max: count, by: z.string().nullable() }).nullable(),
  what: z.enum(['created', 'changed', 'paused', 'resumed', 'ended']).describe('What was done to it last.'),
  by: z.string(),
  reason: z.string().nullable(),
  at,
});

const counts = z
  .strictObject({
    started: count.describe('Instances that it made.'),
    duplicate: count.describe('Starts of which the instance was there before.'),
    passed: count.describe('Starts while it was not open or paused, or of whom it is not for.'),
    over: count.describe('Starts for which its quota was used up.'),
    failed: count.describe('Starts that could not be made.'),
  })
  .describe('Of all engines, a few seconds late.');

export const PlayListRow = z.strictObject({ ...PlayRow.shape, counts });
export const PlayPage = z.strictObject({ items: z.array(PlayListRow), next: z.string().nullable() });
export const PlayView = z.strictObject({
  ...PlayListRow.shape,
  schema: object.nullable().describe('Of the parameters, as the newest version of the flow says; null: it says none.'),
  instances: z.partialRecord(z.enum(STATUSES), count).describe('How many instances it has started, by status.'),
});
export const PlayRevisionPage = z.strictObject({ items: z.array(PlayRow), next: z.string().nullable() });
export const PlayStarted = Started;
