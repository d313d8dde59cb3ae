// Usage: node scripts/soak/world/ledger.mjs --file FILE --seed SEED      the world outside: it never dies
// POST / {key, attempt, fails} is answered with {word: 'first' | 'again', n} once it is on disk. By a plan that depends
// on the key and on how often it was called, it is slow, fails, applies and cuts, or never answers. GET / tells what it
// has in its books. Prints its URL.
import { fdatasync, openSync, write } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs, promisify } from 'node:util';
import { hash, score } from '../dice.mjs';

const { values } = parseArgs({ options: { file: { type: 'string' }, seed: { type: 'string' } } });
const SLOW_MS = 2_000;
/** Calls of one key that may be treated badly; later ones are served, so that every task ends. */
const BAD_CALLS = 2;

const file = openSync(values.file, 'a');
const put = promisify(write);
const sync = promisify(fdatasync);
const applied = new Set();
const calls = new Map();
const told = { calls: 0, applied: 0, again: 0, planned: 0, slow: 0, failed: 0, cut: 0, hung: 0, refused: 0 };
/** Keys whose next "again" is of this ledger's own making. */
const owed = new Set();

let lines = '';
let waiting = [];
let writing = false;

/** Resolves when the line is on disk; many lines share one sync. */
function keep(line) {
  lines += `${JSON.stringify(line)}\n`;
  return new Promise((done) => {
    waiting.push(done);
    if (!writing) void flush();
  });
}

async function flush() {
  writing = true;
  while (waiting.length > 0) {
    const [text, done] = [lines, waiting];
    lines = '';
    waiting = [];
    await put(file, text);
    await sync(file);
    for (const wake of done) wake();
  }
  writing = false;
}

/** How this call shall go. */
function planOf(key, call) {
  if (call > BAD_CALLS) return 'serve';
  const at = hash(`${values.seed} ${key} ${call}`) % 1_000;
  if (at < 10) return 'slow';
  if (at < 40) return 'fail';
  if (at < 60) return 'cut';
  if (at < 63) return 'hang';
  return 'serve';
}

async function hear({ key, attempt, fails, refuse }, request, response) {
  told.calls++;
  const call = (calls.get(key) ?? 0) + 1;
  calls.set(key, call);
  const plan = planOf(key, call);
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (plan === 'hang') {
    told.hung++;
    return keep({ key, attempt, word: 'hung' });
  }
  if (plan === 'fail' || attempt <= fails) {
    told.failed++;
    await keep({ key, attempt, word: 'failed' });
    return answer(503, { word: 'failed' });
  }
  if (refuse) {
    told.refused++;
    await keep({ key, attempt, word: 'refused' });
    return answer(409, { word: 'refused' });
  }
  if (plan === 'slow') {
    told.slow++;
    await new Promise((wake) => setTimeout(wake, SLOW_MS));
  }
  const word = applied.has(key) ? 'again' : 'first';
  applied.add(key);
  if (word === 'first') told.applied++;
  else {
    told.again++;
    if (owed.delete(key)) told.planned++;
  }
  await keep({ key, attempt, word });
  if (plan === 'cut') {
    told.cut++;
    owed.add(key);
    return request.socket.destroy();
  }
  return answer(200, { word, n: score(key) });
}

const server = createServer((request, response) => {
  if (request.method === 'GET') return response.end(JSON.stringify(told));
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => void hear(JSON.parse(body), request, response));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
// It stands for others, but it belongs to the run.
process.on('disconnect', () => process.exit(0));
