import { WorkerWire } from '../broker/remote/worker-wire.js';
import { conform } from '../cli/conform/conform.js';
import type { ConformOrder, Report, WiredReply } from '../cli/conform/wire.js';

export interface ConformPlace {
  /** `amqp://…` */
  readonly url: string;
  readonly prefix: string;
}

/** Tries a worker on a real broker. Rejects when the broker cannot be reached. */
export async function conformWorker(place: ConformPlace, order: ConformOrder): Promise<Report> {
  const ears = new Set<(reply: WiredReply) => void>();
  const wire = await WorkerWire.open(place.url, place.prefix, order.task, (reply) => {
    for (const hear of ears) hear(reply);
  });
  try {
    return await conform(order, {
      state: () => wire.state(),
      send: (task) => wire.send(task),
      hear: (ear) => {
        ears.add(ear);
        return () => void ears.delete(ear);
      },
    });
  } finally {
    await wire.close();
  }
}
