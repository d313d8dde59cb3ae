import { z } from 'zod';
import { duration, expression, literals, title } from '../parts.js';

/** What a person is asked for. */
export const manual = z.strictObject({
  title: title.meta({ description: 'What the person is to do.' }),
  assignee: expression.optional().meta({ description: 'Whose it is: a name, a team. Without it anybody may do it.' }),
  form: literals.optional().meta({ description: 'JSON Schema of what the person gives. Without it: any object.' }),
});

export const due = duration.meta({
  description: 'When a person should have done it. It is told; nothing happens then.',
});
