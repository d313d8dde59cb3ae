import { z } from 'zod';
import type { RoutingChange, StoredRules } from '../../../engine/health/orders/order-store.js';
import { iso } from '../../instances/write-views.js';

const at = z.iso.datetime();

export const RulesRow = z.strictObject({
  version: z.int(),
  at,
  by: z.string(),
  note: z.string().nullable(),
  restores: z.int().nullable().describe('The version whose content it brought back.'),
});
export const RulesView = z.strictObject({ ...RulesRow.shape, source: z.string().describe('The YAML, as published.') });

const page = <S extends z.ZodType>(item: S) =>
  z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe('Cursor of the next page; null: this is the last.'),
  });
export const RulesPage = page(RulesRow);

export const RoutingChangeRow = z.strictObject({
  id: z.int(),
  at,
  by: z.string(),
  kind: z.enum([
    'override.set',
    'override.removed',
    'rules.published',
    'rules.restored',
    'lane.opened',
    'lane.changed',
    'lane.closing',
    'lane.closed',
    'lane.gone',
  ]),
  ref: z.string().describe('The code of the override, the version of the rules, or the name of the lane.'),
  reason: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()).describe('What was put in force, or taken out of it.'),
});
export const RoutingChangePage = page(RoutingChangeRow);

export const rulesRow = ({ version, at: made, by, note, restores }: StoredRules): z.output<typeof RulesRow> => ({
  version,
  at: iso(made),
  by,
  note,
  restores,
});

export const changeRow = ({ at: made, detail, ...change }: RoutingChange): z.output<typeof RoutingChangeRow> => ({
  ...change,
  detail: { ...detail },
  at: iso(made),
});
