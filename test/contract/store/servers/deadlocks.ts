import type { Connection } from 'mysql2/promise';

/** How many deadlocks the server has seen; MariaDB and MySQL tell it in different places. */
export async function deadlocks(connection: Connection): Promise<number> {
  const [status] = await connection.query("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'");
  const [first] = status as { Value: string }[];
  if (first !== undefined) return Number(first.Value);
  const ask = "SELECT `COUNT` AS many FROM information_schema.INNODB_METRICS WHERE NAME = 'lock_deadlocks'";
  const [rows] = await connection.query(ask);
  return Number((rows as { many: number }[])[0]?.many);
}
