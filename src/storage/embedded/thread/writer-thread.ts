import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import Libsql from 'libsql';
import { prepareFile } from '../prepare-file.js';
import { Writer } from './carry-out.js';
import type { Order } from './orders.js';

// The program of the thread that writes the embedded file; `workerData` is its path.
const port = parentPort as MessagePort;
const handle = new Libsql(String(workerData));
prepareFile(handle);
const writer = new Writer(handle);
let last: Promise<void> = Promise.resolve();

port.on('message', (order: Order) => {
  // An order may wait within itself, and the next one must not run in between.
  last = last.then(async () => {
    port.postMessage(await writer.carryOut(order));
    if (order.then === 'close') port.close();
  });
});
