// Everything that a run has left behind, read once: rows, the ledger's books, the broker, the logs.
import { readFileSync } from 'node:fs';
import { connect } from 'amqplib';
import { foretell } from '../oracle.mjs';
import { topologyNames } from './topology.mjs';

const PAGE = 20_000;

/** Reads the rows of all instances as they were at one moment: not every run comes to rest. */
export async function readRows(database) {
  const connection = await database.getConnection();
  try {
    await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    return await readAll(connection);
  } finally {
    connection.destroy();
  }
}

/** `nodes`, `attempts`, `vars` and `incidents` are by instance. */
async function readAll(connection) {
  const all = async (sql) => (await connection.query(sql))[0];
  const paged = async (table, columns, key) => {
    const rows = [];
    for (let last = ''; ; ) {
      const ids = await all(
        `SELECT DISTINCT instance FROM ${table} WHERE instance > '${last}' ORDER BY instance LIMIT ${PAGE / 20}`,
      );
      if (ids.length === 0) return rows;
      const to = ids.at(-1).instance;
      rows.push(
        ...(await all(
          `SELECT ${columns} FROM ${table} WHERE instance > '${last}' AND instance <= '${to}' ORDER BY ${key}`,
        )),
      );
      last = to;
    }
  };
  const instances = await all('SELECT * FROM instance ORDER BY id');
  const nodes = await paged(
    'node_instance',
    'instance, node, visit, status, attempt, dispatch, lane, queue, wake_at, polls, via, started_at, ended_at, error, output',
    'instance, node, visit',
  );
  const attempts = await paged(
    'attempt',
    'instance, node, visit, attempt, poll, how, decision, ended_at',
    'instance, node, visit, attempt',
  );
  return {
    instances,
    nodes: byInstance(nodes),
    attempts: byInstance(attempts),
    vars: byInstance(await paged('variable', 'instance, name, value', 'instance, name')),
    incidents: byInstance(await all('SELECT instance, node, visit, code, open_at FROM incident')),
    inputs: new Set((await all('SELECT instance FROM instance_input')).map(({ instance }) => instance)),
    liveKeys: await all('SELECT flow, instance FROM live_key'),
    quarantine: await all('SELECT id, source, code, reason, routing_key, body, kept_at FROM quarantine'),
  };
}

function byInstance(rows) {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(row.instance);
    if (group) group.push(row);
    else groups.set(row.instance, [row]);
  }
  return groups;
}

/** What the oracle says of each instance, by id. */
export function foretellAll({ instances, plan, flows }) {
  const steps = new Map(flows.flat().map(({ flow, version, step }) => [`${flow} ${version}`, step]));
  const told = new Map();
  for (const { id, business_key: key, flow, version } of instances) {
    const planned = plan.get(key);
    const step = steps.get(`${flow} ${version}`);
    if (planned && step && planned.flow === flow) told.set(id, foretell(step, planned.input, id));
  }
  return told;
}

/** The ledger's books: by key how often it was called, and what it answered. */
export function readBooks(file) {
  const books = new Map();
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    if (!text) continue;
    const { key, attempt, word } = JSON.parse(text);
    const entry = books.get(key) ?? { calls: 0, first: 0, again: 0, refused: 0, attempts: 0 };
    entry.calls++;
    entry.attempts = Math.max(entry.attempts, attempt);
    if (word in entry) entry[word]++;
    books.set(key, entry);
  }
  return books;
}

/** How many messages each queue of the run still has. */
export async function readQueues({ brokerUrl, prefix }) {
  const connection = await connect(brokerUrl, { timeout: 5_000 });
  connection.on('error', () => {});
  const depths = {};
  try {
    for (const name of topologyNames(prefix)) {
      const channel = await connection.createChannel();
      channel.on('error', () => {});
      try {
        depths[name] = (await channel.checkQueue(name)).messageCount;
        await channel.close();
      } catch {
        depths[name] = null;
      }
    }
  } finally {
    await connection.close().catch(() => {});
  }
  return depths;
}

/** Takes all ends that were told on the events exchange: `[{ messageId, instance, key }]`. */
export async function drainEnds({ brokerUrl }, queue) {
  const connection = await connect(brokerUrl, { timeout: 5_000 });
  connection.on('error', () => {});
  const ends = [];
  try {
    const channel = await connection.createChannel();
    for (
      let message = await channel.get(queue, { noAck: true });
      message;
      message = await channel.get(queue, { noAck: true })
    ) {
      const body = JSON.parse(message.content.toString());
      ends.push({ messageId: message.properties.messageId, routingKey: message.fields.routingKey, body });
    }
    await channel.deleteQueue(queue);
  } finally {
    await connection.close().catch(() => {});
  }
  return ends;
}
