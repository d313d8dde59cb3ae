// Usage: import { multiply } from './multiply.mjs'       copies of one waiting instance, made by the database alone

const PIECE = 50_000;

/**
 * Copies the rows of one instance that the engine has started until there are so many of its flow. The copies differ in
 * id, business key and due time, which is spread evenly over the month before the template's.
 */
export async function multiply(db, total) {
  const [[template]] = await db.query("SELECT id, flow FROM instance WHERE flow = 'waiting' LIMIT 1");
  const columnsOf = async (table) => {
    const [rows] = await db.query(
      'SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position',
      [table],
    );
    return rows.map(({ name }) => name);
  };
  await db.query('CREATE TABLE numbers (n INT PRIMARY KEY)');
  await db.query(
    `INSERT INTO numbers SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d FROM ${['a', 'b', 'c', 'd', 'e']
      .map(
        (name) =>
          `(SELECT 0 AS d ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `UNION ALL SELECT ${n}`).join(' ')}) ${name}`,
      )
      .join(', ')}`,
  );
  // A UUIDv7 keeps its first half; the last twelve digits count.
  const id = (of) => `CONCAT(LEFT(${of}, 24), LPAD(LOWER(HEX(n + ?)), 12, '0'))`;
  const changed = {
    instance: { id: id('t.id'), business_key: "CONCAT('copy-', n + ?)" },
    instance_input: { instance: id('t.instance') },
    node_instance: {
      instance: id('t.instance'),
      wake_at: `CASE WHEN t.wake_at IS NULL THEN NULL ELSE t.wake_at - FLOOR(2419200000 * (n + ?) / ${total}) END`,
    },
  };
  for (let from = 1; from < total; from += PIECE) {
    const rows = Math.min(PIECE, total - from);
    for (const [table, values] of Object.entries(changed)) {
      const columns = await columnsOf(table);
      const selected = columns.map((name) => values[name] ?? `t.${name}`);
      const offsets = columns.filter((name) => values[name]).map(() => from);
      const key = table === 'instance' ? 't.id' : 't.instance';
      await db.query(
        `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${selected.join(', ')} FROM ${table} t JOIN numbers ON n < ? WHERE ${key} = ?`,
        [...offsets, rows, template.id],
      );
    }
  }
  await db.query('DROP TABLE numbers');
  await db.query('ANALYZE TABLE instance, node_instance, instance_input');
}
