import { describe, expect, it } from 'vitest';
import { HandlerRegistry } from '../../src/worker/handler-registry.js';
import { Task, tasksOf } from '../../src/worker/task.decorator.js';
import { CONTEXT, KeptLog } from './orders.js';

const context = { ...CONTEXT, signal: new AbortController().signal, log: new KeptLog() };

class Payments {
  constructor(readonly bank: string) {}

  @Task('payment.disburse')
  disburse({ amount }: Record<string, unknown>): unknown {
    return { bank: this.bank, amount };
  }

  @Task('payment.reverse')
  @Task('payment.undo')
  reverse(): unknown {
    return this.bank;
  }
}

@Task('kyc.verify')
class VerifyKyc {
  execute(): unknown {
    return { pass: this instanceof VerifyKyc };
  }
}

describe('the registry of handlers', () => {
  it('finds handlers by name and tells the names in order', () => {
    const registry = new HandlerRegistry().register('b', () => 1).register('a.b-c_d', () => 2);
    expect(registry.find('b')?.({}, context)).toBe(1);
    expect(registry.find('c')).toBeUndefined();
    expect(registry.find('constructor')).toBeUndefined();
    expect(registry.names()).toEqual(['a.b-c_d', 'b']);
  });

  it('refuses what is no function', () => {
    expect(() => new HandlerRegistry().register('a', 5 as never)).toThrow(
      'Expected a function as the handler of "a", but it is a number.',
    );
  });

  it('refuses a second handler of a task and names both places', () => {
    const registry = new HandlerRegistry().register('kyc.verify', () => 1, 'VerifyKyc.execute');
    expect(() => registry.register('kyc.verify', () => 2, 'Kyc.check')).toThrow(
      'Expected one handler for the task "kyc.verify", but VerifyKyc.execute and Kyc.check both are.',
    );
  });

  it.each(['', 'a b', 'a/b', '.a', 'ä', 'x'.repeat(129)])('refuses the name %j', (name) => {
    expect(() => new HandlerRegistry().register(name, () => 1)).toThrow('Expected a task name of letters');
  });
});

describe('@Task', () => {
  it('marks methods, each with one name or several', async () => {
    const found = tasksOf(new Payments('north'));
    expect(found.map(({ name, place }) => [name, place])).toEqual([
      ['payment.disburse', 'Payments.disburse'],
      ['payment.reverse', 'Payments.reverse'],
      ['payment.undo', 'Payments.reverse'],
    ]);
    expect(await found[0]?.handler({ amount: 5 }, context)).toEqual({ bank: 'north', amount: 5 });
  });

  it('marks a class with execute', async () => {
    const [found, ...others] = tasksOf(new VerifyKyc());
    expect(others).toEqual([]);
    expect(found).toMatchObject({ name: 'kyc.verify', place: 'VerifyKyc.execute' });
    expect(await found?.handler({}, context)).toEqual({ pass: true });
  });

  it('is inherited with a method, unless the method is overridden; the mark of a class is not', () => {
    class Northern extends Payments {
      override reverse(): unknown {
        return 'not a task any more';
      }
    }
    class Stricter extends VerifyKyc {}
    expect(tasksOf(new Northern('n')).map(({ name, place }) => [name, place])).toEqual([
      ['payment.disburse', 'Northern.disburse'],
    ]);
    expect(tasksOf(new Stricter())).toEqual([]);
  });

  it('reads no accessor while looking', () => {
    class Trap {
      get trap(): never {
        throw new Error('read');
      }
    }
    expect(tasksOf(new Trap())).toEqual([]);
  });

  it('refuses a class without execute, what is no method, and a name that is none', () => {
    expect(() => Task('a')(class Empty {})).toThrow('have a method execute(input, context), but it has none');
    expect(() => Task('a')({}, 'field', undefined as never)).toThrow('above a class or a method, but field is neither');
    expect(() => Task('no name')).toThrow('Expected a task name');
  });
});
