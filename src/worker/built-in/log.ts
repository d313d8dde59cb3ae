import { redactJson } from '../../core/safe/redact.js';
import type { TaskHandler } from '../../engine/ports/handlers.js';

/**
 * `log`: writes the task's input as one line and answers it. `with: { message }` is the line's text. Members that
 * are named like secrets are hidden in the line, not in the answer.
 */
export const log: TaskHandler = (input, context) => {
  const { message } = context.with;
  context.log.info(typeof message === 'string' ? message : `${context.node} was reached`, { input: redactJson(input) });
  return input;
};
