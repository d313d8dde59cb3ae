import { expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.js';
import { Views } from '../../src/engine/ports/views.js';
import { until } from '../engine/bench.js';
import { serveForTest } from '../support/engine/served.js';

it('the bank of the demo sends its word to the flow that waits for it', async () => {
  const server = await serveForTest();
  try {
    const [engine, views] = [server.app.get(Engine), server.app.get(Views)];
    // Several, since on a busy machine one may have waited too long, and asked.
    const ids = ['called-1', 'called-2', 'called-3'].map(async (loanId) => {
      const input = { loanId, amount: 20_000, bank: 'east' };
      const answer = await engine.startInstance.execute({ flow: 'loan_disbursement', input });
      if (!answer.ok) throw new Error(answer.error.message);
      return answer.value.id;
    });
    const heard = await Promise.all(
      ids.map(async (id) => {
        const { instance, nodes } = await until('the end', async () => {
          const view = await views.instance(await id);
          return view?.instance.endedAt != null && view;
        });
        return nodes.some(({ node, output }) => {
          const { loanId, status } = (output ?? {}) as { loanId?: string; status?: string };
          return node === 'callback' && loanId === instance.key && status === 'PAID';
        });
      }),
    );
    expect(heard).toContain(true);
  } finally {
    await server.stop();
  }
});
