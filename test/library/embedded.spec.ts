import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  defineNodeType,
  Log,
  PermanentError,
  Sluice,
  SluiceModule,
  type SluiceOptions,
  Task,
} from '../../src/library/library.js';
import { eventually } from '../support/engine/served.js';

const FLOW = `flow: pay
key: input.order
input: { type: object, required: [order], properties: { order: { type: string }, amount: { type: number } } }
nodes:
  begin: { start: true }
  check: { acme.check: { amount: input.amount } }
  charge: { task: card.charge, in: { amount: input.amount }, out: { receipt: result.receipt } }
  mail: { task: mail.send, in: { text: vars.receipt } }
  word: { wait: bank.word, match: { order: input.order } }
  done: { end: paid }
edges:
  - begin -> check -> charge -> mail -> word -> done
`;

/** Every line, as a text. */
class Lines extends Log {
  text = '';
  info = (...said: unknown[]): void => this.keep(said);
  warn = (...said: unknown[]): void => this.keep(said);
  error = (...said: unknown[]): void => this.keep(said);
  private keep(said: unknown): void {
    this.text += `${JSON.stringify(said)}\n`;
  }
}

const mails: unknown[] = [];
let stolen = true;

@Injectable()
class Bank {
  readonly name = 'bank';
}

@Injectable()
class Cards {
  constructor(private readonly bank: Bank) {}

  @Task('card.charge')
  charge({ amount }: { amount: number }): object {
    if (stolen) throw new PermanentError('CARD_STOLEN', 'Nobody pays with it.');
    return { receipt: `${this.bank.name} took ${amount}` };
  }
}

describe('SluiceModule', () => {
  let folder: string;
  let app: INestApplicationContext | null = null;
  const open = (options: SluiceOptions = {}): Promise<INestApplicationContext> => {
    @Module({
      imports: [
        SluiceModule.forRoot({
          definitions: folder,
          data: join(folder, 'data'),
          log: 'silent',
          handlers: { 'mail.send': (input) => void mails.push(input) },
          nodeTypes: [
            defineNodeType({
              name: 'acme.check',
              version: '1.0.0',
              schema: { properties: { amount: { type: 'number', expression: true } } },
              execute: () => null,
            }),
          ],
          ...options,
        }),
      ],
      providers: [Bank, Cards],
    })
    class Shop {}
    return NestFactory.createApplicationContext(Shop, { logger: false, abortOnError: false });
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-library-'));
    writeFileSync(join(folder, 'pay.flow.yaml'), FLOW);
    stolen = true;
    mails.length = 0;
  });
  afterEach(async () => {
    await app?.close();
    app = null;
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs flows with the handlers of the application, and is asked by it', async () => {
    app = await open();
    const sluice = app.get(Sluice);
    const started = await sluice.start({ flow: 'pay', input: { order: 'A-1', amount: 5 } });
    expect(started).toMatchObject({ flow: 'pay', version: 1, key: 'A-1', duplicate: false });
    const again = await sluice.start({ flow: 'pay', input: { order: 'A-1', amount: 5 } });
    expect(again).toMatchObject({ id: started.id, duplicate: true });
    const shown = () => sluice.instance(started.id);
    const stuck = await eventually(shown, (view) => (view?.incidents.length ?? 0) > 0);
    expect(stuck?.incidents).toMatchObject([{ node: 'charge' }]);
    stolen = false;
    await sluice.retry(started.id, 'charge');
    await eventually(shown, (view) => view?.nodes.some(({ node }) => node === 'word') === true);
    await sluice.send('bank.word', { order: 'A-1' });
    const ended = await eventually(shown, (view) => view?.instance.endedAt != null);
    expect(ended).toMatchObject({
      instance: { status: 'completed', outcome: 'paid' },
      vars: { receipt: 'bank took 5' },
    });
    expect(mails).toEqual([{ text: 'bank took 5' }]);
  });

  it('goes on where it was when the application starts again', async () => {
    stolen = false;
    app = await open();
    const { id } = await app.get(Sluice).start({ flow: 'pay', input: { order: 'A-2', amount: 1 } });
    await eventually(
      async () => (await app?.get(Sluice).instance(id))?.nodes ?? [],
      (nodes) => nodes.some(({ node, status }) => node === 'word' && status === 'waiting'),
    );
    await app.close();
    app = await open();
    await app.get(Sluice).send('bank.word', { order: 'A-2' });
    const ended = await eventually(
      async () => (await app?.get(Sluice).instance(id))?.instance,
      (instance) => instance?.endedAt != null,
    );
    expect(ended).toMatchObject({ outcome: 'paid' });
  });

  it('says what it does not do, and publishes what is sound', async () => {
    app = await open();
    const sluice = app.get(Sluice);
    await expect(sluice.start({ flow: 'gone', input: {} })).rejects.toMatchObject({ code: 'UNKNOWN_FLOW' });
    await expect(sluice.start({ flow: 'pay', input: {} })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const { id } = await sluice.start({ flow: 'pay', input: { order: 'A-3' } });
    await sluice.cancel(id);
    await expect(sluice.cancel(id)).rejects.toMatchObject({ name: 'SluiceRefusal', code: 'INSTANCE_OVER' });
    await expect(sluice.retry('nobody')).rejects.toMatchObject({ code: 'UNKNOWN_INSTANCE' });
    await expect(sluice.send('no name', {})).rejects.toMatchObject({ code: 'INVALID_NAME' });
    await expect(sluice.start({} as never)).rejects.toMatchObject({ code: 'UNKNOWN_FLOW' });
    await expect(sluice.start({ flow: 'pay', input: { order: 1n } })).rejects.toMatchObject({ code: 'NOT_JSON' });
    await expect(sluice.send('bank.word', 5 as never)).rejects.toMatchObject({ code: 'NOT_AN_OBJECT' });
    expect(await sluice.publish(FLOW.replace('paid', 'settled'))).toMatchObject({ flow: 'pay', version: 2 });
    const answer = await sluice.publish('flow: x');
    expect(answer).toMatchObject({ version: null });
    expect(answer.problems.length).toBeGreaterThan(0);
  });

  it('gives tasks the secrets of the application, and keeps them out of its file and its log', async () => {
    const VALUE = 'the-key-of-the-bank-4711';
    const got: unknown[] = [];
    const lines = new Lines();
    const retry = 'retry: { remote: [1ms], max: 1 }';
    writeFileSync(
      join(folder, 'pay.flow.yaml'),
      `flow: tell\nnodes:\n  begin: { start: true }\n  tell: { task: bank.tell, in: { key: secret.bankKey }, ${retry} }\n  other: { task: bank.tell, in: { key: secret.none } }\n  done: { end: told }\nedges:\n  - begin -> tell -> other -> done\n`,
    );
    app = await open({
      log: lines,
      secrets: (name) => (name === 'bankKey' ? VALUE : null),
      handlers: {
        'bank.tell': (input, context) => {
          got.push(input['key']);
          context.log.warn('told', { key: input['key'] });
          if (got.length === 1) throw new Error(`401 for ${String(input['key'])}`);
          return { said: `told by ${String(input['key'])}` };
        },
      },
    });
    expect(lines.text).toContain("Expected a secret 'none'");
    const { id } = await app.get(Sluice).start({ flow: 'tell', input: {} });
    const shown = () => app?.get(Sluice).instance(id) ?? Promise.resolve(null);
    const stopped = await eventually(shown, (view) => (view?.incidents.length ?? 0) > 0);
    expect(stopped?.incidents).toMatchObject([{ node: 'other', code: 'NO_SECRET' }]);
    expect(got).toEqual([VALUE, VALUE]);
    expect(JSON.stringify(stopped)).toContain('told by ***');
    expect(JSON.stringify(stopped)).toContain('401 for ***');
    await app.close();
    app = null;
    expect(lines.text).toContain('told');
    expect(lines.text).not.toContain(VALUE);
    const files = readdirSync(join(folder, 'data'), { withFileTypes: true }).filter((one) => one.isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const { name } of files) expect(readFileSync(join(folder, 'data', name)).includes(VALUE), name).toBe(false);
  });

  it('refuses settings that are wrong, and two handlers of one name', async () => {
    expect(() => SluiceModule.forRoot({ databaseUrl: 'mysql://a:b@127.0.0.1/c' })).toThrow(
      'Expected SLUICE_BROKER_URL beside SLUICE_DATABASE_URL',
    );
    expect(() => SluiceModule.forRoot({ settings: { SLUICE_DELAI: 'auto' } })).toThrow('Did you mean SLUICE_DELAY?');
    await expect(open({ handlers: { 'card.charge': () => null } })).rejects.toThrow(
      'Expected one handler for the task "card.charge"',
    );
  });
});
