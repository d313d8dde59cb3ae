import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, freePorts, userOf } from './processes.mjs';

/** Where the installed database server is, or null. */
export const findDatabase = () => findProgram('mariadbd', 'mysqld');

/**
 * Makes a data folder and says how to run an installed MariaDB or MySQL on it: an own port on 127.0.0.1, an own
 * socket, no file under /etc read, nothing under /var touched.
 */
export async function prepareDatabase(program, folder) {
  const owner = userOf('mysql');
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  if (owner.uid !== undefined) for (const path of [folder, data]) chownSync(path, owner.uid, owner.gid);
  const runAs = owner.uid === undefined ? [] : ['--user=mysql'];
  const isMariadb = /mariadb/i.test(execFileSync(program, ['--version'], { stdio: 'pipe' }).toString());
  create(program, isMariadb, [`--datadir=${data}`, ...runAs]);

  const [port] = await freePorts(1);
  const password = randomBytes(12).toString('hex');
  const init = join(folder, 'init.sql');
  writeFileSync(
    init,
    [
      `CREATE USER IF NOT EXISTS 'sluice'@'%' IDENTIFIED BY '${password}';`,
      "GRANT ALL ON *.* TO 'sluice'@'%' WITH GRANT OPTION;",
      'CREATE DATABASE IF NOT EXISTS sluice;',
      '',
    ].join('\n'),
    { mode: 0o644 },
  );
  return {
    program,
    args: [
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-networking=0',
      `--socket=${join(folder, 'sql.sock')}`,
      `--pid-file=${join(folder, 'sql.pid')}`,
      `--init-file=${init}`,
      '--skip-log-bin',
      '--innodb-buffer-pool-size=128M',
      // Sandboxed kernels offer no asynchronous I/O; tests do not need it.
      '--innodb-use-native-aio=0',
      ...(isMariadb ? [] : ['--mysqlx=OFF']),
      ...runAs,
    ],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    cwd: folder,
    logFile: join(folder, 'sql.log'),
    url: `mysql://sluice:${password}@127.0.0.1:${port}/sluice`,
  };
}

function create(program, isMariadb, where) {
  if (!isMariadb) {
    execFileSync(program, ['--no-defaults', '--initialize-insecure', ...where], { stdio: 'pipe' });
    return;
  }
  const installer = findProgram('mariadb-install-db', 'mysql_install_db');
  if (!installer) throw new Error("Expected 'mariadb-install-db' beside the server, but found none.");
  const quiet = ['--no-defaults', '--auth-root-authentication-method=normal', '--skip-test-db'];
  execFileSync(installer, [...quiet, '--innodb-use-native-aio=0', ...where], { stdio: 'pipe' });
}
