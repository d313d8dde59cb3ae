import { v7 as uuidv7 } from 'uuid';
import type { QuarantineChange, QuarantineRecord } from '../../engine/operate/quarantine/kept-message.js';
import type { Sql } from '../sql/session.js';
import { QUARANTINE } from './tables.js';

export function keep(sql: Sql, record: QuarantineRecord): Promise<void> {
  return sql.transaction(async (session) => {
    const { source, code, reason, exchange, routingKey, headers, body, encoding, size, sha256 } = record;
    const now = await session.now();
    const id = uuidv7({ msecs: now });
    const kept = [
      source,
      code,
      reason,
      exchange,
      routingKey,
      JSON.stringify(headers),
      body,
      encoding,
      size,
      sha256,
      now,
    ];
    await session.insert(QUARANTINE, [[id, ...kept, 'open', 0, null, null]]);
  });
}

/** Of two people who act at the same time one is told that it is no longer open. */
export function settle(sql: Sql, id: string, { state, by, refusal }: QuarantineChange): Promise<boolean> {
  return sql.transaction(async (session) => {
    const found = await session.rows(
      `SELECT state, replays, code, reason FROM ${QUARANTINE.name} WHERE id = ? ${session.claiming}`,
      [id],
    );
    const row = found[0];
    if (row?.['state'] !== 'open') return false;
    const replays = Number(row['replays']) + Number(state !== 'discarded');
    const told = [refusal?.code ?? row['code'] ?? '', refusal?.reason ?? row['reason'] ?? ''];
    const set = 'state = ?, replays = ?, code = ?, reason = ?, handled_by = ?, handled_at = ?';
    const values = [state, replays, ...told, by, await session.now()];
    await session.change({ table: QUARANTINE.name, set, values, key: QUARANTINE.key }, [[id]]);
    return true;
  });
}
