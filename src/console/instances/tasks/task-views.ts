import { z } from 'zod';
import type { ManualTaskView } from '../../../engine/ports/views.js';
import { counted } from '../../requests.js';
import { page } from '../../views.js';
import { iso } from '../write-views.js';

const at = z.string().describe('ISO 8601, UTC.');

export const TasksQuery = z.strictObject({
  assignee: z.string().min(1).max(190).describe('Whose they are.').optional(),
  mine: z.enum(['true', 'false']).describe('`true`: only what whoever asks may complete.').default('false'),
  flow: z.string().min(1).max(64).optional(),
  instance: z.string().min(1).max(36).optional(),
  cursor: z.string().min(1).max(500).describe('`next` of the page before.').optional(),
  limit: counted(200).default(50).describe('1 to 200.'),
});

export const CompleteBody = z.strictObject({
  output: z.record(z.string(), z.unknown()).describe('What the form asks for.').default({}),
  visit: z.int().min(1).describe('Omitted: the newest visit.').optional(),
});

export const TaskRow = z.strictObject({
  instance: z.string(),
  flow: z.string(),
  version: z.int(),
  key: z.string().nullable().describe('Business key of the instance.'),
  node: z.string(),
  visit: z.int(),
  title: z.string().describe('What the person is to do.'),
  assignee: z.string().nullable().describe('Whose it is; null: anybody may do it.'),
  openedAt: at,
  dueAt: at.nullable().describe('When it should be done; nothing happens then.'),
  expiresAt: at.nullable().describe('When it is over without anybody.'),
  overdue: z.boolean(),
});
export const TaskPage = page(TaskRow);
export const TaskView = z.strictObject({
  ...TaskRow.shape,
  shown: z.record(z.string(), z.unknown()).nullable().describe('What the person is shown, by name.'),
  form: z.record(z.string(), z.unknown()).nullable().describe('JSON Schema of the output; null: any object.'),
});
export const CompletedView = z.strictObject({
  id: z.string(),
  node: z.string(),
  visit: z.int(),
  duplicate: z.literal(true).describe('It was completed before, with the same output.').optional(),
});

const isoOrNull = (time: number | null): string | null => (time === null ? null : iso(time));

export const taskRow = (task: ManualTaskView, title: string | null, now: number): z.output<typeof TaskRow> => ({
  instance: task.instance,
  flow: task.flow,
  version: task.version,
  key: task.key,
  node: task.node,
  visit: task.visit,
  title: title ?? task.node,
  assignee: task.assignee,
  openedAt: iso(task.openedAt),
  dueAt: isoOrNull(task.dueAt),
  expiresAt: isoOrNull(task.expiresAt),
  overdue: task.dueAt !== null && task.dueAt < now,
});
