import { ENTRY, OTHER, openFile } from './opened-file.js';

// A process whose thread writes. Says each number once both of its rows are committed: for ever; with `once` it leaves after
// the first; with `exit` it ends by itself in the middle of a statement that changes the first.
const [path = '', script = '', how] = process.argv.slice(2);
const { sql } = await openFile(path, new URL(script), 0);

/** Takes some tenths of a second. */
const LONG = 'WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 2000000) SELECT max(x) FROM c';

for (let n = 1; n === 1 || how === 'for ever'; n++) {
  await sql.transaction(async (session) => {
    await session.upsert(ENTRY, [[`${n}`, n]]);
    await session.insert(OTHER, [[`${n}`, n]]);
  });
  process.stdout.write(`${n}\n`);
}
if (how === 'exit') {
  setTimeout(() => process.exit(7), 100);
  await sql.change({ table: ENTRY.name, set: `n = (${LONG})`, key: ['id'] }, [['1']]);
}
