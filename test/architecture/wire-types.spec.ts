import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import type * as cliRouting from '../../src/cli/api/routing-wire.js';
import type * as cli from '../../src/cli/api/wire.js';
import type { AuditRow } from '../../src/console/access/audit/audit-views.js';
import type { FlowMap } from '../../src/console/definitions/flow-map.js';
import type { FunnelView } from '../../src/console/definitions/funnel/funnel-views.js';
import type { PlayListRow, PlayRow, PlayView } from '../../src/console/definitions/plays/play-views.js';
import type { TriggerRow } from '../../src/console/definitions/triggers.controller.js';
import type { MigrationView, VersionsView } from '../../src/console/definitions/versions/version-views.js';
import type { TaskRow, TaskView } from '../../src/console/instances/tasks/task-views.js';
import type { DelayRow } from '../../src/console/routing/delay-views.js';
import type { ExplainView, ReplayView } from '../../src/console/routing/explain-views.js';
import type {
  LaneList,
  OpinionView,
  OverrideRow,
  RuleList,
  SubjectList,
  TurnList,
  WhyView,
} from '../../src/console/routing/routing-views.js';
import type { RoutingChangeRow, RulesRow, RulesView } from '../../src/console/routing/rules/order-views.js';
import type { RepairView } from '../../src/console/system/repair-view.js';
import type * as views from '../../src/console/views.js';
import type * as plays from '../../web/src/api/play-types.js';
import type * as routing from '../../web/src/api/routing-types.js';
import type * as web from '../../web/src/api/types.js';
import type * as versions from '../../web/src/api/version-types.js';

/** What is left of an answer once it went through JSON: nothing is `undefined`, and what is not known is any JSON. */
type Told<T> = unknown extends T
  ? web.Json
  : T extends readonly (infer Item)[]
    ? readonly Told<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Told<Exclude<T[Key], undefined>> }
      : T;

/** Members that are read and never told, at the top or in an item of a list. */
type Unknown<Read, Sent> = Exclude<keyof Read, keyof Sent>;

/** `true` if everything that is read is told as it is read; else what is not, for the compiler to show. */
type Reads<Read, Schema extends z.ZodType> =
  Unknown<Read, z.output<Schema>> extends never
    ? Told<z.output<Schema>> extends Told<Read>
      ? true
      : { told: Told<z.output<Schema>>; read: Read }
    : { neverTold: Unknown<Read, z.output<Schema>> };

type Item<Schema extends z.ZodType> = z.ZodType<z.output<Schema> extends readonly (infer One)[] ? One : never>;
type Member<Schema extends z.ZodType, Key extends keyof z.output<Schema>> = z.ZodType<z.output<Schema>[Key]>;

interface Web {
  InstanceRow: Reads<web.InstanceRow, typeof views.InstanceRow>;
  TaskRow: Reads<web.TaskRow, typeof TaskRow>;
  TaskView: Reads<web.TaskView, typeof TaskView>;
  TriggerRow: Reads<web.TriggerRow, typeof TriggerRow>;
  Page: Reads<web.Page<web.InstanceRow>, typeof views.InstancePage>;
  Failure: Reads<web.Failure, typeof views.FailureView>;
  AttemptView: Reads<web.AttemptView, typeof views.AttemptView>;
  NodeView: Reads<web.NodeView, typeof views.NodeView>;
  IncidentView: Reads<web.IncidentView, typeof views.IncidentRow>;
  InstanceView: Reads<web.InstanceView, typeof views.InstanceView>;
  DefinitionRow: Reads<web.DefinitionRow, typeof views.DefinitionRow>;
  FlowMap: Reads<web.FlowMap, typeof FlowMap>;
  MapNode: Reads<web.MapNode, Item<Member<typeof FlowMap, 'nodes'>>>;
  MapEdge: Reads<web.MapEdge, Item<Member<typeof FlowMap, 'edges'>>>;
  DefinitionView: Reads<web.DefinitionView, typeof views.DefinitionView>;
  IncidentRow: Reads<web.IncidentRow, typeof views.IncidentRow>;
  Me: Reads<web.Me, typeof views.Me>;
  InstanceEvent: Reads<web.InstanceEvent, typeof views.InstanceEvent>;
  Started: Reads<web.Started, typeof views.Started>;
  Opinion: Reads<web.Opinion, typeof OpinionView>;
  WhyView: Reads<web.WhyView, typeof WhyView>;
  SubjectRow: Reads<routing.SubjectRow, Item<typeof SubjectList>>;
  LaneRow: Reads<routing.LaneRow, Item<typeof LaneList>>;
  TransitionRow: Reads<routing.TransitionRow, Item<typeof TurnList>>;
  RuleRow: Reads<routing.RuleRow, Item<Member<typeof RuleList, 'rules'>>>;
  OverrideRow: Reads<routing.OverrideRow, typeof OverrideRow>;
  RulesRow: Reads<routing.RulesRow, typeof RulesRow>;
  RuleList: Reads<routing.RuleList, typeof RuleList>;
  PlacedProblem: Reads<routing.PlacedProblem, typeof views.PlacedProblem>;
  ChangeRow: Reads<routing.ChangeRow, typeof RoutingChangeRow>;
  ExplainView: Reads<routing.ExplainView, typeof ExplainView>;
  ReplayView: Reads<routing.ReplayView, typeof ReplayView>;
  DelayRow: Reads<routing.DelayRow, typeof DelayRow>;
  VersionsView: Reads<versions.VersionsView, typeof VersionsView>;
  MigrationView: Reads<versions.MigrationView, typeof MigrationView>;
  MigratedOne: Reads<versions.MigratedOne, Item<Member<typeof MigrationView, 'items'>>>;
  Obstacle: Reads<versions.Obstacle, Item<Member<Item<Member<typeof MigrationView, 'items'>>, 'obstacles'>>>;
  AuditRow: Reads<versions.AuditRow, typeof AuditRow>;
  CheckedView: Reads<versions.CheckedView, typeof views.CheckedView>;
  FunnelView: Reads<versions.FunnelView, typeof FunnelView>;
  PublishedView: Reads<versions.PublishedView, typeof views.PublishedView>;
  PlayRow: Reads<plays.PlayRow, typeof PlayRow>;
  PlayListRow: Reads<plays.PlayListRow, typeof PlayListRow>;
  PlayView: Reads<plays.PlayView, typeof PlayView>;
}

interface CommandLine {
  InstanceRow: Reads<cli.InstanceRow, typeof views.InstanceRow>;
  Failure: Reads<cli.Failure, typeof views.FailureView>;
  NodeView: Reads<cli.NodeView, typeof views.NodeView>;
  IncidentRow: Reads<cli.IncidentRow, typeof views.IncidentRow>;
  InstanceView: Reads<cli.InstanceView, typeof views.InstanceView>;
  QuarantineRow: Reads<cli.QuarantineRow, typeof views.QuarantineRow>;
  QuarantineView: Reads<cli.QuarantineView, typeof views.QuarantineView>;
  RepairView: Reads<cli.RepairView, typeof RepairView>;
  TaskRow: Reads<cli.TaskRow, typeof TaskRow>;
  TriggerRow: Reads<cli.TriggerRow, typeof TriggerRow>;
  FunnelView: Reads<cli.FunnelView, typeof FunnelView>;
  VersionsView: Reads<cli.VersionsView, typeof VersionsView>;
  MigratedOne: Reads<cli.MigratedOne, Item<Member<typeof MigrationView, 'items'>>>;
  AuditRow: Reads<cli.AuditRow, typeof AuditRow>;
  Page: Reads<cli.Page<cli.InstanceRow>, typeof views.InstancePage>;
  WhyView: Reads<cliRouting.WhyView, typeof WhyView>;
  OverrideRow: Reads<cliRouting.OverrideRow, typeof OverrideRow>;
  RuleList: Reads<cliRouting.RuleList, typeof RuleList>;
  RulesRow: Reads<cliRouting.RulesRow, typeof RulesRow>;
  RulesView: Reads<cliRouting.RulesView, typeof RulesView>;
  RoutingChangeRow: Reads<cliRouting.RoutingChangeRow, typeof RoutingChangeRow>;
  PlacedProblem: Reads<cliRouting.PlacedProblem, typeof views.PlacedProblem>;
  DelayRow: Reads<cliRouting.DelayRow, typeof DelayRow>;
  ExplainView: Reads<cliRouting.ExplainView, typeof ExplainView>;
  ReplayView: Reads<cliRouting.ReplayView, typeof ReplayView>;
}

// The compiler holds each type that a client reads against the schema of the answer: a line that is not true does not
// compile. The tests below see to it that no type is left out.
const WEB: Web = {
  InstanceRow: true,
  TaskRow: true,
  TaskView: true,
  TriggerRow: true,
  Page: true,
  Failure: true,
  AttemptView: true,
  NodeView: true,
  IncidentView: true,
  InstanceView: true,
  DefinitionRow: true,
  FlowMap: true,
  MapNode: true,
  MapEdge: true,
  DefinitionView: true,
  IncidentRow: true,
  Me: true,
  InstanceEvent: true,
  Started: true,
  Opinion: true,
  WhyView: true,
  SubjectRow: true,
  LaneRow: true,
  TransitionRow: true,
  RuleRow: true,
  OverrideRow: true,
  RulesRow: true,
  RuleList: true,
  PlacedProblem: true,
  ChangeRow: true,
  ExplainView: true,
  ReplayView: true,
  DelayRow: true,
  VersionsView: true,
  MigrationView: true,
  MigratedOne: true,
  Obstacle: true,
  AuditRow: true,
  CheckedView: true,
  FunnelView: true,
  PublishedView: true,
  PlayRow: true,
  PlayListRow: true,
  PlayView: true,
};
const COMMAND_LINE: CommandLine = {
  InstanceRow: true,
  Failure: true,
  NodeView: true,
  IncidentRow: true,
  InstanceView: true,
  QuarantineRow: true,
  QuarantineView: true,
  RepairView: true,
  TaskRow: true,
  TriggerRow: true,
  FunnelView: true,
  VersionsView: true,
  MigratedOne: true,
  AuditRow: true,
  Page: true,
  WhyView: true,
  OverrideRow: true,
  RuleList: true,
  RulesRow: true,
  RulesView: true,
  RoutingChangeRow: true,
  PlacedProblem: true,
  DelayRow: true,
  ExplainView: true,
  ReplayView: true,
};

it.each<[string, object, string[]]>([
  [
    'the console',
    WEB,
    [
      'web/src/api/types.ts',
      'web/src/api/routing-types.ts',
      'web/src/api/version-types.ts',
      'web/src/api/play-types.ts',
    ],
  ],
  ['the command line', COMMAND_LINE, ['src/cli/api/wire.ts', 'src/cli/api/routing-wire.ts']],
])('every type of an answer that %s reads is held against what the API tells', (_name, held, files) => {
  const texts = files.map((file) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8'));
  const declared = texts.flatMap((text) => [...text.matchAll(/^export interface (\w+)/gm)].map(([, name]) => name));
  expect(declared.length).toBeGreaterThan(20);
  expect(Object.keys(held).sort()).toEqual(declared.sort());
});
