import type { Definition } from '../../../core/definition/definition.js';
import { compileInputCheck, InvalidInputSchema } from '../../input-schema.js';
import type { Problem } from '../../problem.js';

/** What reading cannot see: a schema that looks right and still does not compile would refuse every start. */
export function schemaProblem(
  { input, play, vars, returns, nodes }: Definition,
  text: string,
  file: string,
): Problem | null {
  let key = /^["']?input["']?\s*:/;
  try {
    if (input !== null) compileInputCheck(input);
    key = /^["']?play["']?\s*:/;
    if (play) compileInputCheck(play, 'play');
    key = /^["']?vars["']?\s*:/;
    for (const { schema } of vars?.values() ?? []) compileInputCheck(schema, 'vars');
    key = /^["']?returns["']?\s*:/;
    if (returns) compileInputCheck(returns.schema, 'returns');
    for (const node of nodes.values()) {
      key = new RegExp(`^\\s+["']?${node.id}["']?\\s*:`);
      if (node.kind === 'manual' && node.form !== null) compileInputCheck(node.form, 'form');
      if (node.kind === 'task' && node.returns) compileInputCheck(node.returns.schema, 'returns');
    }
    return null;
  } catch (error) {
    if (!(error instanceof InvalidInputSchema)) throw error;
    const lines = text.split('\n');
    const line = Math.max(
      0,
      lines.findIndex((one) => key.test(one)),
    );
    const excerpt = lines[line] ?? '';
    const place = { file, line: line + 1, column: 1, length: Math.min(5, Math.max(1, excerpt.length)), excerpt };
    return {
      code: 'BAD_INPUT_SCHEMA',
      severity: 'error',
      message: error.message,
      hint: 'Write JSON Schema 2020-12.',
      ...place,
    };
  }
}
