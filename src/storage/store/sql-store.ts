import type { ItemResult } from '../../core/flow/event.js';
import type { IncidentCode } from '../../core/flow/transition.js';
import type { Json } from '../../core/json.js';
import type { Earliest } from '../../core/routing/lane.js';
import type { MessageStore } from '../../engine/commit/messages/message-store.js';
import type { FenceStore } from '../../engine/health/limits/fence-store.js';
import type { QuarantineChange, QuarantineRecord } from '../../engine/operate/quarantine/kept-message.js';
import { type Checkpoint, NO_CHECKPOINT } from '../../engine/ports/checkpoint.js';
import {
  type ApplyAnswer,
  type ApplyRequest,
  type DeliveryFacts,
  type DeliveryRead,
  type ItemPage,
  type Moved,
  type NodeKey,
  type StartAnswer,
  type StartCandidate,
  Store,
  type StoredDispatch,
} from '../../engine/ports/store.js';
import type { PlayStore } from '../../engine/start/plays/play-store.js';
import type { TriggerStore } from '../../engine/start/triggers/trigger-store.js';
import type { Sql } from '../sql/session.js';
import { apply } from './apply.js';
import { readItems, readOutput, readPage } from './items.js';
import { SqlFences } from './messages/sql-fences.js';
import { SqlMessages } from './messages/sql-messages.js';
import { SqlPlays } from './messages/sql-plays.js';
import { SqlTriggers } from './messages/sql-triggers.js';
import * as quarantine from './quarantine.js';
import { read } from './read.js';
import * as repair from './repair.js';
import { start } from './start.js';

/** The truth in SQL, of either dialect. */
export class SqlStore extends Store {
  readonly messages: MessageStore;
  readonly triggers: TriggerStore;
  readonly plays: PlayStore;
  readonly fences: FenceStore;

  constructor(
    private readonly sql: Sql,
    private readonly checkpoint: Checkpoint = NO_CHECKPOINT,
  ) {
    super();
    this.messages = new SqlMessages(sql);
    this.triggers = new SqlTriggers(sql);
    this.plays = new SqlPlays(sql);
    this.fences = new SqlFences(sql);
  }

  now(): Promise<number> {
    return this.sql.reading((session) => session.now());
  }

  writable(): Promise<void> {
    return repair.writable(this.sql);
  }

  apply(request: ApplyRequest): Promise<ApplyAnswer> {
    return apply(this.sql, request, this.checkpoint);
  }

  existing(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.sql.reading(async (session) => {
      const keys = ids.map((id) => [id]);
      const rows = await session.find({ columns: 't.id', table: 'instance', key: ['id'] }, keys);
      return new Set(rows.map((row) => String(row['id'])));
    });
  }

  start(candidates: readonly StartCandidate[]): Promise<readonly StartAnswer[]> {
    return start(this.sql, candidates);
  }

  read(deliveries: readonly DeliveryRead[]): Promise<{ now: number; facts: readonly DeliveryFacts[] }> {
    return read(this.sql, deliveries);
  }

  successors(causes: readonly NodeKey[]): Promise<readonly StoredDispatch[]> {
    return repair.successors(this.sql, causes);
  }

  touch(held: readonly NodeKey[]): Promise<void> {
    return repair.touch(this.sql, held);
  }

  claimLost(queue: number, before: number, limit: number): Promise<readonly StoredDispatch[]> {
    return repair.claimLost(this.sql, queue, before, limit);
  }

  claimDue(limit: number, move: (due: StoredDispatch, now: number) => Moved): Promise<readonly StoredDispatch[]> {
    return repair.claimDue(this.sql, limit, move);
  }

  earliest(queues?: readonly number[]): Promise<Earliest> {
    return repair.earliest(this.sql, queues);
  }

  incidentsWith(code: IncidentCode, after: string, limit: number): Promise<readonly StoredDispatch[]> {
    return repair.incidentsWith(this.sql, code, after, limit);
  }

  output(of: NodeKey): Promise<Json> {
    return readOutput(this.sql, of);
  }

  page(of: NodeKey, item: number): Promise<ItemPage | null> {
    return readPage(this.sql, of, item);
  }

  items(of: NodeKey, most: number): Promise<readonly ItemResult[] | null> {
    return readItems(this.sql, of, most);
  }

  quarantine(record: QuarantineRecord): Promise<void> {
    return quarantine.keep(this.sql, record);
  }

  settleQuarantined(id: string, change: QuarantineChange): Promise<boolean> {
    return quarantine.settle(this.sql, id, change);
  }
}
