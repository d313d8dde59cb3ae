import { connect } from 'amqplib';
import { createConnection } from 'mysql2/promise';

/** `MariaDB 10.11.6` or `MySQL 8.4.3`; throws while the server does not answer. */
export async function databaseVersion(url) {
  const connection = await createConnection({ uri: url, connectTimeout: 3_000 });
  try {
    const [[row]] = await connection.query('SELECT VERSION() AS version');
    const [number] = row.version.split('-');
    return `${/mariadb/i.test(row.version) ? 'MariaDB' : 'MySQL'} ${number}`;
  } finally {
    await connection.end();
  }
}

/** `RabbitMQ 4.1.0`; throws while the server does not answer. */
export async function brokerVersion(url) {
  const connection = await connect(url, { timeout: 3_000 });
  connection.on('error', () => {});
  const { product, version } = connection.connection.serverProperties;
  await connection.close();
  return `${product} ${version}`;
}
