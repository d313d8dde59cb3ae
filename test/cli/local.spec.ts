import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call } from './support/call.js';

const GOOD = `flow: order
title: Order
nodes:
  begin: { start: true }
  charge: { task: card.charge, title: Charge, retry: { local: [], remote: [5s, 30s], max: 2 } }
  pause: { timer: 20d }
  done: { end: success }
  no: { end: refused }
edges:
  - begin -> charge
  - charge -> pause: result.paid == true
  - charge -> no: else
  - pause -> done
`;

const ROOT = join(import.meta.dirname, '..', '..');
let cwd: string;
const put = (name: string, text: string) => writeFileSync(join(cwd, name), text);
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  mkdirSync(join(cwd, 'definitions', 'more'), { recursive: true });
  put('definitions/order.flow.yaml', GOOD);
  put('definitions/more/notes.yaml', 'not: a flow');
});
afterEach(() => rmSync(cwd, { recursive: true }));

describe('validate', () => {
  it('checks the folder of definitions by itself, and says what it saw', async () => {
    expect(await call(['validate'], { cwd })).toEqual({ code: 0, out: '', err: '1 file, 0 errors, 0 warnings' });
  });

  it('checks files of triggers too', async () => {
    put('definitions/cart.triggers.yaml', 'triggers: [{ code: cart, on: cart.added, start: order, when: input.ok }]\n');
    const answer = await call(['validate', '--format', 'plain'], { cwd });
    expect(answer).toMatchObject({ code: 1, out: expect.stringContaining('cart.triggers.yaml:1:62: UNKNOWN_NAME') });
    put('definitions/cart.triggers.yaml', 'triggers: [{ code: cart, on: cart.added, start: order, when: event.ok }]\n');
    expect(await call(['validate'], { cwd })).toEqual({ code: 0, out: '', err: '2 files, 0 errors, 0 warnings' });
  });

  it.each([
    ['pretty', /error\[UNKNOWN_NODE\][\s\S]*bad\.flow\.yaml:11:5[\s\S]*\^/],
    ['plain', /^definitions\/bad\.flow\.yaml:11:5: UNKNOWN_NODE Expected /],
    ['github', /^::error file=definitions\/bad\.flow\.yaml,line=11,col=5,title=UNKNOWN_NODE::Expected /],
    ['json', /"code": "UNKNOWN_NODE"[\s\S]*"line": 11/],
  ])('writes problems as %s', async (format, expected) => {
    put(
      'definitions/bad.flow.yaml',
      GOOD.replace('flow: order', 'flow: bad').replace('charge -> pause', 'chrge -> pause'),
    );
    const answer = await call(['validate', 'definitions/bad.flow.yaml', '--format', format], { cwd });
    expect(answer.code).toBe(1);
    expect(answer.out).toMatch(expected);
    if (format === 'json') expect(() => JSON.parse(answer.out)).not.toThrow();
  });

  it('fails for one warning too many only where it is asked to', async () => {
    put(
      'definitions/order.flow.yaml',
      GOOD.replace('task: card.charge,', 'task: card.charge, in: { a: 1, b: vars.nobody },'),
    );
    const warnings = JSON.parse((await call(['validate', '--format', 'json'], { cwd })).out) as { severity: string }[];
    const count = warnings.filter(({ severity }) => severity === 'warning').length;
    expect(warnings).toHaveLength(count);
    const codes = [
      ['validate'],
      ['validate', '--max-warnings', String(count)],
      ['validate', '--max-warnings', String(count - 1)],
    ];
    const answers = await Promise.all(codes.map((args) => call(args, { cwd })));
    expect(answers.map(({ code }) => code)).toEqual([0, 0, count === 0 ? 2 : 1]);
  });

  it('refuses two files of one flow', async () => {
    put('definitions/more/copy.flow.yml', GOOD);
    const answer = await call(['validate'], { cwd });
    expect(answer.code).toBe(1);
    expect(answer.err).toContain('definitions/more/copy.flow.yml and definitions/order.flow.yaml all define order');
  });

  it.each([['nothing'], ['definitions/more']])('says that there is nothing to check at %s', async (path) => {
    const answer = await call(['validate', path], { cwd });
    expect(answer.code).toBe(2);
    expect(answer.err).toContain(path);
  });
});

describe('render', () => {
  it.each([
    ['mermaid', /^flowchart LR\n/],
    ['md', /^```mermaid\nflowchart LR[\s\S]*\n```$/],
    ['text', /^order: Order\n {2}begin \(start\)\n {4}→ charge[\s\S]*→ pause {3}result\.paid == true/],
    ['json', /"mermaid": "flowchart LR/],
  ])('draws as %s', async (format, expected) => {
    const answer = await call(['render', 'definitions/order.flow.yaml', '--format', format], { cwd });
    expect(answer).toMatchObject({ code: 0, err: '' });
    expect(answer.out).toMatch(expected);
  });

  it('keeps the block of a page up to date, and can tell when it is not', async () => {
    const page = '# Order\n<!-- sluice order -->\nold\n<!-- /sluice -->\nafter\n';
    put('README.md', page);
    const at = ['render', 'definitions/order.flow.yaml', '--write', 'README.md'];
    expect((await call([...at, '--check'], { cwd })).code).toBe(1);
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toBe(page);
    expect((await call(at, { cwd })).code).toBe(0);
    const written = readFileSync(join(cwd, 'README.md'), 'utf8');
    expect(written).toMatch(
      /^# Order\n<!-- sluice order -->\n```mermaid\nflowchart LR[\s\S]*```\n<!-- \/sluice -->\nafter\n$/,
    );
    expect((await call([...at, '--check'], { cwd })).code).toBe(0);
  });

  it('says where a block would have to be', async () => {
    put('README.md', '# Order\n');
    const answer = await call(['render', 'definitions/order.flow.yaml', '--write', 'README.md'], { cwd });
    expect(answer.code).toBe(1);
    expect(answer.err).toContain('<!-- sluice order -->\n<!-- /sluice -->');
  });

  it('draws nothing that has errors', async () => {
    put('bad.flow.yaml', 'flow: 1');
    const answer = await call(['render', 'bad.flow.yaml'], { cwd });
    expect(answer).toMatchObject({ code: 1, out: '' });
    expect(answer.err).toContain('bad.flow.yaml:1');
  });
});

describe('run', () => {
  const run = (mocks: object, ...more: string[]) =>
    call(['run', 'definitions/order.flow.yaml', '--mocks', JSON.stringify(mocks), '--virtual', ...more], { cwd });

  it('runs to the end in virtual time, through retries and a timer of twenty days', async () => {
    const answer = await run({ 'card.charge': { $attempts: [{ $error: 'BUSY' }, { $poll: 60_000 }, { paid: true }] } });
    expect(answer.code).toBe(0);
    expect(answer.out).toMatch(/✓ completed \(success\)/);
    expect(answer.out).toMatch(/attempt 1 failed BUSY: mocked: BUSY → retried in 5 s/);
    const took = Number(/took (\d+) ms of virtual time/.exec(answer.out)?.[1]);
    expect(took).toBeGreaterThanOrEqual(20 * 86_400_000 + 65_000);
    expect(took).toBeLessThan(20 * 86_400_000 + 1_500_000);
  });

  it('ends with 1 where something hangs, and says what', async () => {
    const answer = await run({ 'card.charge': { $error: 'CARD_STOLEN', permanent: true } });
    expect(answer.code).toBe(1);
    expect(answer.out).toMatch(/✗ incident {2}charge[\s\S]*PERMANENT_FAILURE: .*CARD_STOLEN/);
  });

  it('gives the whole instance as JSON', async () => {
    const answer = await run({ 'card.charge': { paid: false } }, '--json');
    const view = JSON.parse(answer.out);
    expect(view).toMatchObject({ flow: 'order', status: 'completed', outcome: 'refused' });
    expect(view.nodes.map(({ node, shown }: { node: string; shown: string }) => `${node} ${shown}`)).toEqual([
      'begin done',
      'charge done',
      'no done',
    ]);
    expect(view.nodes[1].output).toEqual({ paid: false });
  });

  it('asks for answers that are missing, with a file to begin with', async () => {
    const answer = await run({});
    expect(answer.code).toBe(2);
    expect(answer.err).toContain('{\n  "card.charge": {}\n}');
  });

  it('runs in real time where it is not told otherwise', async () => {
    put('quick.flow.yaml', GOOD.replace('20d', '50ms'));
    const answer = await call(['run', 'quick.flow.yaml', '--mocks', '{"card.charge":{"paid":true}}'], { cwd });
    expect(answer.out).toMatch(/completed[\s\S]*took \d+ ms$/);
  });

  it.each([
    ['{"a":', 'NOT_JSON'],
    ['{"__proto__":1}', 'RESERVED_NAME'],
    ['missing.json', 'cannot be read'],
  ])('refuses the input %s', async (input, expected) => {
    const answer = await run({ 'card.charge': {} }, '--input', input);
    expect(answer.code).toBe(2);
    expect(answer.err).toContain(expected);
  });
});

describe('the command', () => {
  it('answers 2 when it is asked wrongly, and helps', async () => {
    for (const args of [['validte'], ['validate', '--format', 'xml'], ['render'], ['run', 'definitions', '--wrong']]) {
      expect((await call(args, { cwd })).code).toBe(2);
    }
    expect((await call(['validte'], { cwd })).err).toContain('Did you mean validate?');
    expect(await call(['--help'], { cwd })).toMatchObject({ code: 0, out: expect.stringContaining('validate') });
    expect(await call(['--version'], { cwd })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
  });

  it('tells every fault of the settings before it touches a database', async () => {
    const answer = await call(['migrate'], { cwd, env: { SLUICE_PORT: 'x', SLUICE_DELAY: 'y' } });
    expect(answer.code).toBe(2);
    expect(answer.err.split('\n')).toHaveLength(2);
  });

  it('migrates an embedded file by itself', async () => {
    const answer = await call(['migrate'], { cwd, env: { SLUICE_DATA: join(cwd, 'data'), SLUICE_LOG: 'silent' } });
    expect(answer).toMatchObject({ code: 0, err: expect.stringContaining('up to date') });
  });

  it('writes a schema for editors that knows the top of a file', async () => {
    const schema = JSON.parse((await call(['schema'], { cwd })).out);
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['flow', 'nodes', 'edges']));
  });

  it('says what to do when it is not built', () => {
    cpSync(join(ROOT, 'bin'), join(cwd, 'bin'), { recursive: true });
    put('package.json', '{"type":"module"}');
    const { status, stderr } = spawnSync(process.execPath, [join(cwd, 'bin', 'sluice.js'), 'validate'], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('npm run build');
  });

  it('is documented, command by command, with an example that runs', async () => {
    const page = readFileSync(join(ROOT, 'docs', 'cli.md'), 'utf8');
    const help = (await call(['--help'], { cwd })).out;
    const commands = [...help.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1]).filter((name) => name !== 'help');
    expect(commands.length).toBeGreaterThan(10);
    for (const command of commands) expect(page).toContain(`sluice ${command}`);
    const [, input = '', mocks = ''] = /npx sluice run .* -i '([^']+)' --mocks '([^']+)'/.exec(page) ?? [];
    const order = join(ROOT, 'definitions', 'order.flow.yaml');
    const answer = await call(['run', order, '--virtual', '-i', input, '--mocks', mocks], { cwd });
    expect(answer).toMatchObject({ code: 0, out: expect.stringContaining('completed (shipped)') });
  });

  it('is executable', () => {
    expect(statSync(join(ROOT, 'bin', 'sluice.js')).mode & 0o111).toBe(0o111);
  });
});
