import { afterEach, describe, expect, it } from 'vitest';
import { fetchSecrets, Secrets } from '../../../src/engine/intake/work/order/secrets.js';
import { warnOfSecrets } from '../../../src/engine/intake/work/order/warn-of-secrets.js';
import { readDefinition } from '../../../src/language/read-definition.js';
import { KeptLog } from '../../worker/orders.js';
import { EngineBench, until } from '../bench.js';

const VALUE = 'the-key-of-the-bank';
const flow = (node: string): string =>
  `flow: loan\nnodes:\n  begin: { start: true }\n  pay: ${node}\n  done: { end: done }\nedges:\n  - begin -> pay -> done\n`;
const PAY = '{ task: bank.pay, in: { token: secret.bankKey, who: input.who } }';

describe('a task that reads a secret', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  const over = (id: string, status: string) => until(status, async () => (await bench.instance(id))?.status === status);

  it('gets it, and nothing that is stored or sent has it', async () => {
    const got: unknown[] = [];
    bench = new EngineBench(
      { 'bank.pay': (input) => (got.push(input), { echo: input['token'], ok: true }) },
      flow(PAY),
    );
    bench.secrets['bankKey'] = VALUE;
    const engine = await bench.engine();
    const id = await bench.start(engine, 'loan', { who: 'ann' });
    await over(id, 'completed');
    expect(got).toEqual([{ token: VALUE, who: 'ann' }]);
    const view = await bench.views.instance(id);
    expect(view?.nodes.find(({ node }) => node === 'pay')?.output).toEqual({ echo: '***', ok: true });
    expect(JSON.stringify([view, [...bench.rows.instances.values()]])).not.toContain(VALUE);
  });

  it('keeps it out of failures, of which every attempt is stored', async () => {
    const fail = (input: object): never => {
      throw new Error(`401 ${JSON.stringify(input)}`);
    };
    const node = PAY.replace(' }', ' }').replace(/ }$/, ', retry: { remote: [1ms], max: 1 } }');
    bench = new EngineBench({ 'bank.pay': fail }, flow(node));
    bench.secrets['bankKey'] = VALUE;
    const engine = await bench.engine();
    const id = await bench.start(engine, 'loan', { who: 'ann' });
    await over(id, 'incident');
    const view = await bench.views.instance(id);
    expect(view?.attempts.length).toBeGreaterThan(0);
    expect(JSON.stringify(view)).toContain('401');
    expect(JSON.stringify(view)).not.toContain(VALUE);
    expect(bench.log.errors.join()).not.toContain(VALUE);
  });

  it('is the incident NO_SECRET where there is none, at no attempt; a retry asks for it as it is then', async () => {
    const got: unknown[] = [];
    bench = new EngineBench({ 'bank.pay': ({ token }) => void got.push(token) }, flow(PAY));
    bench.secrets['bankKey'] = 'abc';
    const engine = await bench.engine();
    const id = await bench.start(engine, 'loan', { who: 'ann' });
    await over(id, 'incident');
    const [incident] = (await bench.views.instance(id))?.incidents ?? [];
    expect(incident).toMatchObject({ node: 'pay', code: 'NO_SECRET' });
    expect(incident?.message).toContain("the secret 'bankKey' of at least 4 characters");
    bench.secrets['bankKey'] = VALUE;
    await engine.retryIncidents.execute({ instance: id, only: null, by: 'ops' });
    await over(id, 'completed');
    expect(got).toEqual([VALUE]);
  });

  it('goes on by itself once the engine has what it lacked', async () => {
    const got: unknown[] = [];
    bench = new EngineBench({ 'bank.pay': ({ token }) => void got.push(token) }, flow(PAY));
    const engine = await bench.engine({ healEveryMs: 20 });
    const ids = [await bench.start(engine, 'loan', { who: 'ann' }), await bench.start(engine, 'loan', { who: 'bob' })];
    for (const id of ids) await over(id, 'incident');
    const rounds = async (): Promise<number> =>
      (await engine.reportRepair.execute()).loops.find(({ name }) => name === 'handler')?.rounds ?? 0;
    const before = await rounds();
    await until('three rounds', async () => (await rounds()) >= before + 3);
    expect(engine.tally.get('healed')).toBe(0);
    bench.secrets['bankKey'] = VALUE;
    for (const id of ids) await over(id, 'completed');
    expect(got).toEqual([VALUE, VALUE]);
    expect(engine.tally.get('healed')).toBe(2);
  });

  it('shares what it is answered by the name of its secret and not by its value', async () => {
    let calls = 0;
    const node = (name: string): string =>
      `{ task: bank.pay, in: { token: secret.${name}, who: 1 }, cache: { ttl: 1h } }`;
    const text = `flow: loan\nnodes:\n  begin: { start: true }\n  a: ${node('one')}\n  b: ${node('two')}\n  c: ${node('one')}\n  done: { end: done }\nedges:\n  - begin -> a -> b -> c -> done\n`;
    bench = new EngineBench({ 'bank.pay': () => ++calls }, text);
    Object.assign(bench.secrets, { one: VALUE, two: VALUE });
    const engine = await bench.engine();
    await over(await bench.start(engine, 'loan'), 'completed');
    expect(calls).toBe(2);
  });

  it('is undone with the secrets of its undo', async () => {
    const got: unknown[] = [];
    const text = `flow: loan
nodes:
  begin: { start: true }
  pay: { task: bank.pay, in: { a: secret.one }, undo: { task: bank.back, in: { b: secret.two, was: result.n } } }
  back: { compensate: all }
  done: { end: done }
edges:
  - begin -> pay -> back -> done
`;
    const handlers = {
      'bank.pay': (input: object) => (got.push(input), { n: 1 }),
      'bank.back': (input: object) => void got.push(input),
    };
    bench = new EngineBench(handlers, text);
    Object.assign(bench.secrets, { one: 'first-secret', two: 'second-secret' });
    const engine = await bench.engine();
    await over(await bench.start(engine, 'loan'), 'completed');
    expect(got).toEqual([{ a: 'first-secret' }, { b: 'second-secret', was: 1 }]);
  });
});

class Vault extends Secrets {
  async find(name: string): Promise<string | null> {
    if (name === 'away') throw new Error(`cannot reach ${VALUE}`);
    return name === 'bankKey' ? VALUE : null;
  }
}

const published = (node: string) => {
  const { definition } = readDefinition(flow(node), 'loan.flow.yaml');
  const pay = definition?.nodes.get('pay');
  if (!definition || pay?.kind !== 'task') throw new Error('no task');
  return { definition, pay };
};

describe('what is fetched before an attempt', () => {
  it('names all that is missing, and says of a source that is away nothing but the name', async () => {
    const { pay } = published('{ task: x.y, in: { a: secret.one, b: secret.bankKey, c: secret.two } }');
    expect(await fetchSecrets(pay, new Vault())).toEqual({ type: 'missing', names: ['one', 'two'] });
    const away = published('{ task: x.y, in: { a: secret.away } }').pay;
    expect(await fetchSecrets(away, new Vault())).toEqual({ type: 'away', name: 'away' });
    expect(await fetchSecrets(away, undefined)).toEqual({ type: 'missing', names: ['away'] });
  });

  it('is warned of at the start, once for each node, and not while its source is away', async () => {
    const { definition } = published('{ task: x.y, in: { a: secret.one, b: secret.bankKey, c: secret.away } }');
    const log = new KeptLog();
    const asked: string[] = [];
    const catalog = {
      async get(name: string) {
        asked.push(name);
        if (name === 'unreadable') throw new Error('written for another release');
        return { definition, checkInput: () => [] };
      },
    };
    const rows = [
      { flow: 'unreadable', source: 'in: { a: secret.x }' },
      { flow: 'loan', source: 'in: { a: secret.one }' },
      { flow: 'other', source: 'in: { a: input.one }' },
    ];
    const definitions = { newest: async () => rows } as never;
    await warnOfSecrets({ catalog, definitions, secrets: new Vault() }, log);
    expect(log.lines.map(({ message, facts }) => [message.slice(0, 24), facts])).toEqual([
      ["Expected a secret 'one' ", { flow: 'loan', node: 'pay' }],
    ]);
    expect(log.lines[0]?.message).toContain('SLUICE_SECRET_one');
    expect(asked).toEqual(['unreadable', 'loan']);
  });
});
