import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import Libsql from 'libsql';
import { prepareFile } from '../prepare-file.js';
import { Writer } from './carry-out.js';
import type { Order } from './orders.js';
import { Turnstile } from './turnstile.js';

/** What a thread is given as it begins. */
export interface WriterPlace {
  readonly file: string;
  readonly turnstile: SharedArrayBuffer;
}

// The program of the thread that writes the embedded file.
const port = parentPort as MessagePort;
const place = workerData as WriterPlace;
const turnstile = new Turnstile(place.turnstile);

if (turnstile.enter()) {
  const handle = new Libsql(place.file);
  prepareFile(handle);
  const writer = new Writer(handle);
  turnstile.leave();
  let last: Promise<void> = Promise.resolve();
  const carryOut = async (order: Order): Promise<void> => {
    if (!turnstile.enter()) return;
    const answer = await writer.carryOut(order);
    turnstile.leave();
    port.postMessage(answer);
    if (order.end === 'close') port.close();
  };
  port.on('message', (order: Order) => {
    // An order may wait within itself, and the next one must not run in between.
    last = last.then(() => carryOut(order));
  });
}
