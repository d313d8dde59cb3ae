import { getMetadataArgsStorage } from 'typeorm';
import { ActiveVersionRow } from '../rows/definitions/active-version.row.js';
import { DefinitionRow } from '../rows/definitions/definition.row.js';
import { PlayInstanceRow, PlayRevisionRow, PlayRow } from '../rows/definitions/play.row.js';
import { InstanceRow } from '../rows/instance.row.js';
import { InstanceInputRow } from '../rows/instance-input.row.js';
import { LiveKeyRow } from '../rows/live-key.row.js';
import { AttemptRow } from '../rows/nodes/attempt.row.js';
import { IncidentRow } from '../rows/nodes/incident.row.js';
import { NodeInstanceRow } from '../rows/nodes/node-instance.row.js';
import { AuditEntryRow } from '../rows/people/audit-entry.row.js';
import { ManualTaskRow } from '../rows/people/manual-task.row.js';
import { QuarantineRow } from '../rows/quarantine.row.js';
import { LiveEngineRow } from '../rows/routing/live-engine.row.js';
import { RouteEpochRow } from '../rows/routing/route-epoch.row.js';
import { RouteSubjectRow } from '../rows/routing/route-subject.row.js';
import { RoutingChangeRow } from '../rows/routing/routing-change.row.js';
import { RoutingLaneRow } from '../rows/routing/routing-lane.row.js';
import { RoutingLimitRow } from '../rows/routing/routing-limit.row.js';
import { RoutingOverrideRow } from '../rows/routing/routing-override.row.js';
import { RoutingRulesRow } from '../rows/routing/routing-rules.row.js';
import { StartReceiptRow } from '../rows/start-receipt.row.js';
import { VariableRow } from '../rows/variable.row.js';
import type { Table } from '../sql/session.js';
import { TccFenceRow } from './messages/fence-row.js';
import { MessageKeyRow, MessageRow, SignalRow, WaitRow } from './messages/rows.js';
import { TriggerClaimRow, TriggerCountRow, TriggerShareRow, TriggerTickRow } from './messages/trigger-rows.js';

/** Every row class; what the data source is told. */
export const ROWS = [
  ActiveVersionRow,
  AttemptRow,
  AuditEntryRow,
  DefinitionRow,
  IncidentRow,
  InstanceInputRow,
  InstanceRow,
  LiveEngineRow,
  LiveKeyRow,
  ManualTaskRow,
  MessageKeyRow,
  MessageRow,
  NodeInstanceRow,
  PlayInstanceRow,
  PlayRevisionRow,
  PlayRow,
  QuarantineRow,
  RouteEpochRow,
  RouteSubjectRow,
  RoutingChangeRow,
  RoutingLaneRow,
  RoutingLimitRow,
  RoutingOverrideRow,
  RoutingRulesRow,
  SignalRow,
  StartReceiptRow,
  TccFenceRow,
  TriggerClaimRow,
  TriggerCountRow,
  TriggerShareRow,
  TriggerTickRow,
  VariableRow,
  WaitRow,
];

// Columns come in the order in which the row class declares them; mappers give values in the same order.
export const ACTIVE_VERSION = tableOf(ActiveVersionRow);
export const ATTEMPT = tableOf(AttemptRow);
export const AUDIT_ENTRY = tableOf(AuditEntryRow);
export const DEFINITION = tableOf(DefinitionRow);
export const INCIDENT = tableOf(IncidentRow);
export const INPUT = tableOf(InstanceInputRow);
export const INSTANCE = tableOf(InstanceRow);
export const LIVE_KEY = tableOf(LiveKeyRow);
export const KEY = tableOf(MessageKeyRow);
export const MANUAL = tableOf(ManualTaskRow);
export const MESSAGE = tableOf(MessageRow);
export const NODE = tableOf(NodeInstanceRow, {
  keep: ['output'],
  // Of a node that was just entered; the migrations give the columns the same defaults.
  usual: {
    status: 'ready',
    attempt: 1,
    dispatch: 1,
    polls: 0,
    ended_at: null,
    error: null,
    output: null,
    receipt: null,
  },
});
export const LIVE_ENGINE = tableOf(LiveEngineRow);
export const PLAY = tableOf(PlayRow);
export const PLAY_INSTANCE = tableOf(PlayInstanceRow);
export const PLAY_REVISION = tableOf(PlayRevisionRow);
export const QUARANTINE = tableOf(QuarantineRow);
export const ROUTING_CHANGE = tableOf(RoutingChangeRow);
export const ROUTING_LANE = tableOf(RoutingLaneRow);
export const ROUTING_LIMIT = tableOf(RoutingLimitRow);
export const ROUTING_OVERRIDE = tableOf(RoutingOverrideRow);
export const ROUTING_RULES = tableOf(RoutingRulesRow);
export const RECEIPT = tableOf(StartReceiptRow);
export const ROUTE_EPOCH = tableOf(RouteEpochRow);
export const ROUTE_SUBJECT = tableOf(RouteSubjectRow);
export const SIGNAL = tableOf(SignalRow);
export const TCC_FENCE = tableOf(TccFenceRow);
export const TRIGGER_CLAIM = tableOf(TriggerClaimRow);
export const TRIGGER_COUNT = tableOf(TriggerCountRow);
export const TRIGGER_SHARE = tableOf(TriggerShareRow);
export const TRIGGER_TICK = tableOf(TriggerTickRow);
export const VARIABLE = tableOf(VariableRow);
export const WAIT = tableOf(WaitRow);

export const INSTANCE_COLUMNS = INSTANCE.columns.join(', ');
/** Of `node_instance t`, without the output. */
export const NODE_ROW = NODE.columns
  .filter((column) => column !== 'output')
  .map((column) => `t.${column}`)
  .join(', ');

function tableOf(row: (typeof ROWS)[number], more: Pick<Table, 'keep' | 'usual'> = {}): Table {
  const storage = getMetadataArgsStorage();
  // The columns of a class it extends come first, as they were declared first.
  const columns = storage.filterColumns([Object.getPrototypeOf(row) as typeof row, row]);
  const name = storage.tables.find(({ target }) => target === row)?.name;
  if (name === undefined) throw new Error(`Expected ${row.name} to be an entity with a name, but it has none.`);
  const key = columns.filter(({ options }) => options.primary).map(({ propertyName }) => propertyName);
  return { name, key, columns: columns.map(({ propertyName }) => propertyName), ...more };
}
