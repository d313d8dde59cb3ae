import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from './support/call.js';

const ROOT = join(import.meta.dirname, '../..');
const LOAN = `flow: loan_request
title: Loan */ request
input:
  type: object
  required: [loanId, amount, kind, address]
  properties:
    loanId: { type: string, description: The number of the loan. }
    amount: { type: number }
    kind: { enum: [house, car, 3, null] }
    note: { type: [string, "null"] }
    lines: { type: array, items: { type: object, required: [sku], properties: { sku: { type: string }, count: { type: integer } } } }
    address: { $ref: "#/$defs/address" }
    extra: { type: object, additionalProperties: { type: boolean } }
    either: { anyOf: [{ type: string }, { type: object, required: [a], properties: { a: { const: 1 } } }] }
    odd-name: { type: boolean }
  $defs:
    address: { type: object, required: [city], properties: { city: { type: string }, next: { $ref: "#/$defs/address" } } }
output: { total: vars.total, isLarge: input.amount > 1000 }
nodes:
  begin:  { start: true }
  credit: { task: credit.score, batch: { max: 9, within: 5ms }, in: { loanId: input.loanId, city: input.address.city, note: input.note, twice: input.amount * 2, big: input.amount > 5, who: { id: input.loanId, tags: [input.kind] } }, with: { url: "http://a", tries: 3 } }
  total:  { set: { total: input.amount + 1 } }
  tell:   { task: mail.send }
  again:  { task: credit.score, in: { loanId: "'x'" } }
  done:   { end: done }
  no:     { end: refused }
edges:
  - begin -> credit
  - credit -> total: result.score >= 620 and credit.pass
  - credit -> no: else
  - total -> tell -> again
  - again -> done: result.ok
  - again -> no: else
`;
/** Compiles only if every member has the type that the flow gives it; each mark is a fault that must be found. */
const USE = `import type { BatchTasks, Flows, LoanRequestInput, LoanRequestOutput, LoanRequestVars, TaskAnswers, TaskCalls, TaskInput, TaskOutput, TaskWith } from './flows.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => {};

same<LoanRequestInput['loanId'], string>(true);
same<LoanRequestInput['kind'], 'house' | 'car' | 3 | null>(true);
same<LoanRequestInput['note'], string | null | undefined>(true);
same<NonNullable<LoanRequestInput['lines']>[number]['count'], number | undefined>(true);
same<NonNullable<LoanRequestInput['extra']>, Record<string, boolean>>(true);
same<NonNullable<NonNullable<LoanRequestInput['address']['next']>['next']>['city'], string>(true);
same<NonNullable<LoanRequestInput['either']>, string | { a: 1 }>(true);
same<LoanRequestInput['odd-name'], boolean | undefined>(true);
same<LoanRequestVars, { total?: number }>(true);
same<LoanRequestOutput, { total: number | null; isLarge: boolean | null }>(true);
same<Flows['loan_request']['input'], LoanRequestInput>(true);
same<BatchTasks, 'credit.score'>(true);
same<TaskCalls<'credit.score'>[number]['input'], TaskInput<'credit.score'>>(true);
same<TaskAnswers<'credit.score'>[number], TaskOutput<'credit.score'> | Error>(true);
same<TaskInput<'mail.send'>, { input: LoanRequestInput; vars: LoanRequestVars } & Record<string, unknown>>(true);
same<TaskWith<'credit.score'>, { url: string; tries: number } | Record<string, never>>(true);
same<keyof TaskOutput<'credit.score'>, 'ok' | 'pass' | 'score'>(true);
type Credit = Extract<TaskInput<'credit.score'>, { city: string }>;
same<Credit['note'], string | null>(true);
same<Credit['twice'], number>(true);
same<Credit['big'], boolean>(true);
same<Credit['who'], { id: string; tags: Array<'house' | 'car' | 3 | null> }>(true);

// @ts-expect-error: the input has no such member.
export const wrong: LoanRequestInput = { loanId: 'L', amount: 1, kind: 'car', address: { city: 'x' }, lona: 1 };
// @ts-expect-error: what is required is missing.
export const short: LoanRequestInput = { loanId: 'L' };
// @ts-expect-error: no flow asks such a handler.
export type Nobody = TaskInput<'credit.scroe'>;
`;
const COUPON = `flow: coupon
input: { type: object, required: [uid], properties: { uid: { type: string } } }
play:
  type: object
  required: [days]
  properties: { days: { type: integer }, name: { type: string } }
nodes:
  begin: { start: true }
  keep: { acme.reserve: { article: play.name, amount: play.days, warehouse: north } }
  grant: { task: coupon.grant, in: { days: play.days, name: play.name, all: play } }
  tell: { task: coupon.tell }
  done: { end: done }
edges: [begin -> keep -> grant -> tell -> done]
`;
const COUPON_USE = `import type { CouponInput, CouponPlay, CouponVars, Flows, KindFields, Kinds, TaskInput } from './flows.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => {};

same<CouponPlay, { days: number; name?: string }>(true);
same<Flows['coupon']['play'], CouponPlay>(true);
same<TaskInput<'coupon.grant'>['days'], number>(true);
same<TaskInput<'coupon.grant'>['name'], string | null>(true);
same<TaskInput<'coupon.grant'>['all'], { days: number; name?: string }>(true);
same<TaskInput<'coupon.tell'>['input'], CouponInput & { $play: { code: string; revision: number; params: CouponPlay } }>(true);
same<keyof Kinds, 'acme.reserve@1'>(true);
same<KindFields<'acme.reserve@1'>['warehouse'], 'north' | 'south'>(true);
same<KindFields<'acme.reserve@1'>['amount'], number>(true);
same<KindFields<'acme.reserve@1'>['atMost'], number | undefined>(true);
same<CouponVars, Record<string, never>>(true);
`;
const TYPED = `flow: quote
input: { type: object, required: [id], properties: { id: { type: string } } }
vars:
  state: { enum: [new, rated], default: new }
  total: { type: number }
  parts: { type: array, items: { type: string } }
output: { total: rate.total, more: vars.state }
returns: { type: object, required: [total], properties: { total: { type: number } } }
nodes:
  begin: { start: true }
  rate:
    task: tariff.rate
    in: { key: secret.tariffKey, state: vars.state, total: vars.total }
    returns: { type: object, required: [total], properties: { total: { type: number }, note: { type: string } } }
    out: { total: result.total, parts: [result.note] }
  tell:  { task: mail.tell, in: { total: rate.total, note: rate.note, all: { state: vars.state, parts: vars.parts } } }
  done:  { end: done }
edges:
  - begin -> rate -> tell -> done
`;
const TYPED_USE = `import type { QuoteOutput, QuoteVars, TaskInput, TaskOutput } from './typed.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => {};

same<QuoteVars, { state: 'new' | 'rated'; total?: number; parts?: Array<string> }>(true);
same<QuoteOutput, { total: number } & { more: 'new' | 'rated' | null }>(true);
same<TaskInput<'tariff.rate'>, { key: string; state: 'new' | 'rated'; total: number | null }>(true);
same<TaskOutput<'tariff.rate'>, { total: number; note?: string }>(true);
same<TaskInput<'mail.tell'>['total'], number>(true);
same<TaskInput<'mail.tell'>['note'], string | null>(true);
same<TaskInput<'mail.tell'>['all'], { state: 'new' | 'rated'; parts: Array<string> | null }>(true);

// @ts-expect-error: what is required is missing.
export const short: TaskOutput<'tariff.rate'> = {};
`;
let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-types-'));
  writeFileSync(join(cwd, 'loan.flow.yaml'), LOAN);
});
afterAll(() => rmSync(cwd, { recursive: true }));

describe('sluice types', () => {
  it('writes types that the compiler takes, and that say what the flow says', async () => {
    expect(await call(['types', 'loan.flow.yaml', '--out', 'flows.ts'], { cwd })).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    writeFileSync(join(cwd, 'use.ts'), USE);
    expect(compiled('flows.ts', 'use.ts')).toBe('');
  }, 120_000);

  it('has the types that the flow declares: of variables, of what tasks answer and of what it gives', async () => {
    writeFileSync(join(cwd, 'quote.flow.yaml'), TYPED);
    expect((await call(['types', 'quote.flow.yaml', '--out', 'typed.ts'], { cwd })).code).toBe(0);
    writeFileSync(join(cwd, 'typed-use.ts'), TYPED_USE);
    expect(compiled('typed.ts', 'typed-use.ts')).toBe('');
    rmSync(join(cwd, 'quote.flow.yaml'));
  }, 120_000);

  it('writes types of all that is shipped, too', async () => {
    const { code, out } = await call(['types', join(ROOT, 'definitions')], { cwd });
    expect(code).toBe(0);
    writeFileSync(join(cwd, 'shipped.ts'), out);
    expect(compiled('shipped.ts')).toBe('');
  }, 120_000);

  it('writes what plays configure, and the fields of kinds that plugins bring', async () => {
    const place = mkdtempSync(join(cwd, 'kinds-'));
    cpSync(join(ROOT, 'docs/examples/plugins'), join(place, 'plugins'), { recursive: true });
    writeFileSync(join(place, 'coupon.flow.yaml'), COUPON);
    const { code, err } = await call(['types', 'coupon.flow.yaml', '--out', 'flows.ts'], { cwd: place });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    writeFileSync(join(place, 'use.ts'), COUPON_USE);
    expect(compiled(join(place, 'flows.ts'), join(place, 'use.ts'))).toBe('');
  }, 120_000);

  it('knows whether a file is up to date', async () => {
    const args = ['types', 'loan.flow.yaml', '--out', 'kept.ts', '--check'];
    expect((await call(args, { cwd })).code).toBe(1);
    expect((await call(args.slice(0, -1), { cwd })).code).toBe(0);
    expect(await call(args, { cwd })).toEqual({ code: 0, out: '', err: '' });
    writeFileSync(join(cwd, 'kept.ts'), readFileSync(join(cwd, 'kept.ts'), 'utf8').replace('string', 'number'));
    expect(await call(args, { cwd })).toMatchObject({ code: 1, err: expect.stringContaining('out of date') });
    expect((await call(['types', '--check'], { cwd: ROOT })).code).toBe(2);
  });

  it('writes nothing of a flow that has errors', async () => {
    writeFileSync(join(cwd, 'broken.flow.yaml'), LOAN.replace('task: mail.send', 'tsk: mail.send'));
    const answer = await call(['types', 'broken.flow.yaml'], { cwd });
    expect(answer).toMatchObject({ code: 1, out: '', err: expect.stringContaining('NO_KIND') });
    rmSync(join(cwd, 'broken.flow.yaml'));
  });
});

/** What the project's own compiler says, as strict as the project itself. */
function compiled(...files: readonly string[]): string {
  const options = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', 'false'];
  const modules = ['--module', 'nodenext', '--target', 'es2023', '--skipLibCheck', '--ignoreConfig', '--types', ''];
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, ...options, ...modules, ...files], { cwd, encoding: 'utf8' });
  return run.stdout + run.stderr;
}
