import { ENTRY, OTHER, openFile } from './opened-file.js';

// A process whose thread writes. Says each number once both of its rows are committed; with `once` it leaves after the first,
// with `exit` while the thread is in the middle of one.
const [path = '', script = '', how] = process.argv.slice(2);
const { sql } = await openFile(path, new URL(script), 0);
if (how === 'exit') setTimeout(() => process.exit(7), 30 + Math.random() * 30);
for (let n = 1; n === 1 || how !== 'once'; n++) {
  await sql.transaction(async (session) => {
    await session.upsert(ENTRY, [[`${n}`, n]]);
    await session.insert(OTHER, [[`${n}`, n]]);
  });
  process.stdout.write(`${n}\n`);
}
