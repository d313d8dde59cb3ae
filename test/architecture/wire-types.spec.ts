import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openApi } from '../../src/console/openapi/open-api.js';
import { wireText } from './wire-text.js';

const { components } = openApi('0') as { components: { schemas: Record<string, Record<string, unknown>> } };

/** The answers that a client of the API reads, by where their types are kept. Neither may import those of the server. */
const READ: Readonly<Record<string, readonly string[]>> = {
  'web/src/api/wire.ts': [
    ...['AuditRow', 'Checked', 'DefinitionRow', 'DefinitionView', 'DelayRow', 'ExplainView', 'FunnelView'],
    ...[
      'GroupRow',
      'IncidentRow',
      'InstanceEvent',
      'InstanceRow',
      'InstanceView',
      'LaneRow',
      'Me',
      'MigrationView',
      'OverrideRow',
    ],
    ...['PlayListRow', 'PlayRow', 'PlayView', 'Published', 'ReplayView', 'RoutingChangeRow', 'RuleList', 'RulesRow'],
    ...['Started', 'SubjectRow', 'TaskRow', 'TaskView', 'TransitionRow', 'TriggerRow', 'VersionsView', 'WhyView'],
  ],
  'src/cli/api/wire.ts': [
    ...['AuditRow', 'DelayRow', 'ExplainView', 'FunnelView', 'GroupRow', 'IncidentRow', 'InstanceRow', 'InstanceView'],
    ...['MigratedOne', 'OverrideRow', 'PlacedProblem', 'QuarantineRow', 'QuarantineView', 'RepairView', 'ReplayView'],
    ...['RoutingChangeRow', 'RuleList', 'RulesRow', 'RulesView', 'TaskRow', 'TriggerRow', 'VersionsView', 'WhyView'],
  ],
};

it.each(Object.entries(READ))('%s is what the API says', async (file, names) => {
  await expect(wireText(components.schemas, names)).toMatchFileSnapshot(join(import.meta.dirname, '../..', file));
});

it('every kind of schema has its type', () => {
  const text = { type: 'string', description: 'A word.' };
  const schemas = {
    One: {
      description: 'One thing.',
      properties: {
        a: text,
        b: { anyOf: [{ $ref: '#/components/schemas/Two' }, { type: 'null' }] },
        c: { type: 'array', items: { enum: ['x', 'y'] } },
        d: { type: 'object', properties: { e: { const: true } }, required: ['e'] },
        f: { type: 'object', propertyNames: { enum: ['p', 'q'] }, additionalProperties: { type: 'integer' } },
        g: {},
        h: { type: ['integer', 'null'] },
      },
      required: ['a', 'b', 'c', 'd'],
    },
    Two: { properties: {} },
    Three: { properties: {} },
  };
  const written = wireText(schemas, ['One']);
  expect(written.slice(written.indexOf('/** One'))).toBe(`/** One thing. */
export interface One {
  /** A word. */
  readonly a: string;
  readonly b: Two | null;
  readonly c: readonly ('x' | 'y')[];
  readonly d: {
    readonly e: true;
  };
  readonly f?: Readonly<Partial<Record<'p' | 'q', number>>>;
  readonly g?: Json;
  readonly h?: number | null;
}

export interface Two {
}
`);
  expect(() => wireText(schemas, ['Four'])).toThrow("Expected a shared schema 'Four'");
});
