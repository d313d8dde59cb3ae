import 'reflect-metadata';
import { Global, Injectable, Module, Scope, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { Clock } from '../../src/engine/ports/clock.js';
import { AttemptRunner, Handlers } from '../../src/engine/ports/handlers.js';
import { Log } from '../../src/engine/ports/log.js';
import { VirtualClock } from '../../src/memory/virtual-clock.js';
import { DemoModule } from '../../src/programs/demo/demo.module.js';
import { Task } from '../../src/worker/task.decorator.js';
import { WorkerModule, type WorkerOptions } from '../../src/worker/worker.module.js';
import { KeptLog, orderOf } from './orders.js';

@Global()
@Module({
  providers: [
    { provide: Clock, useValue: new VirtualClock() },
    { provide: Log, useValue: new KeptLog() },
  ],
  exports: [Clock, Log],
})
class TimeAndLog {}

@Injectable()
class Payments {
  @Task('payment.disburse')
  disburse(): unknown {
    return 'paid';
  }
}

async function boot(providers: Type[], options?: WorkerOptions, imports: Type[] = []) {
  @Module({ imports: [TimeAndLog, WorkerModule.with(options), ...imports], providers })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
  return { handlers: app.get(Handlers), runner: app.get(AttemptRunner), close: () => app.close() };
}

describe('WorkerModule', () => {
  it('finds the handlers of the application and runs them', async () => {
    const { handlers, runner, close } = await boot([Payments]);
    expect(handlers.names()).toEqual(['http', 'log', 'payment.disburse', 'sleep']);
    const handler = handlers.find('payment.disburse');
    if (!handler) throw new Error('It was not found.');
    await expect(runner.run(orderOf(handler))).resolves.toEqual({ type: 'completed', output: 'paid' });
    await close();
  });

  it('has emit where there is somewhere to send to', async () => {
    const { handlers, close } = await boot([], { emitter: async () => [true] });
    expect(handlers.names()).toContain('emit');
    await close();
  });

  it('finds the simulated partners', async () => {
    const { handlers, close } = await boot([], {}, [DemoModule]);
    expect(handlers.names()).toEqual(expect.arrayContaining(['stock.reserve', 'bank.status', 'partner.transfer']));
    await close();
  });

  it('refuses to start with two handlers of one task, and names both', async () => {
    @Injectable()
    class Again {
      @Task('payment.disburse')
      pay(): void {}
    }
    await expect(boot([Payments, Again])).rejects.toThrow(/Payments\.disburse and Again\.pay both are/);
  });

  it('refuses a handler under the name of a built-in one', async () => {
    @Injectable()
    class Mine {
      @Task('http')
      fetch(): void {}
    }
    await expect(boot([Mine])).rejects.toThrow('the built-in task http and Mine.fetch both are');
  });

  it('takes a provider under two tokens for one', async () => {
    @Module({ providers: [Payments, { provide: 'alias', useExisting: Payments }] })
    class Twice {}
    const { handlers, close } = await boot([], {}, [Twice]);
    expect(handlers.names()).toContain('payment.disburse');
    await close();
  });

  it('refuses a handler that is made per request', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest {
      @Task('per.request')
      run(): void {}
    }
    await expect(boot([PerRequest])).rejects.toThrow('PerRequest.run (@Task("per.request")) to be a singleton');
  });
});
