import 'reflect-metadata';

// What an application imports from 'sluice'. Everything else is the inside.
export type { Json, JsonObject } from '../core/json.js';
export {
  type BatchCall,
  type BatchHandler,
  inBatches,
  PermanentError,
  poll,
  type TaskContext,
  type TaskHandler,
} from '../engine/ports/handlers.js';
export { Log } from '../engine/ports/log.js';
export type { InstanceView } from '../engine/ports/views.js';
export { TestedFlow, testFlow } from '../programs/in-memory/flow-test.js';
export {
  defineNodeType,
  type NodeType,
  type NodeTypeContext,
  type NodeTypeTraits,
} from '../worker/plugins/node-type.js';
export { BatchTask, Task } from '../worker/task.decorator.js';
export { traceparent } from '../worker/traceparent.js';
export { Sluice, SluiceRefusal } from './sluice.js';
export { SluiceModule, type SluiceOptions } from './sluice.module.js';
