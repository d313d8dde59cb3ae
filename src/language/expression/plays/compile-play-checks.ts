import type { Definition } from '../../../core/definition/definition.js';
import type { PlayRules } from '../../../core/definition/starting/play.js';
import type { Expression } from '../../../core/expression.js';
import type { JsonObject } from '../../../core/json.js';
import { err, ok, type Result } from '../../../core/result.js';
import { compileInputCheck, type InputCheck, type InputFault } from '../../input-schema.js';
import { type CompiledExpression, compileExpression } from '../compile/compile-expression.js';
import { checkParameter } from './check-parameter.js';

export interface WrittenRules {
  readonly audience: string | null;
  readonly by: string | null;
}

/** Checks of what plays of a flow say; nothing when the flow has no `play`. */
export function compilePlayChecks({ play, input }: Definition): {
  plays?: { checkParams: InputCheck; compile(written: WrittenRules): Result<PlayRules, readonly InputFault[]> };
} {
  if (!play) return {};
  let check: InputCheck | null = null;
  return {
    plays: {
      checkParams(params) {
        check ??= compileInputCheck(play, 'play');
        return check(params).map(({ pointer, message }) => ({ pointer: `/params${pointer}`, message }));
      },
      compile(written) {
        const faults: InputFault[] = [];
        const rules = {
          audience: compileOne(written.audience, '/audience', true, { play, input }, faults),
          by: compileOne(written.by, '/quota/by', false, { play, input }, faults),
        };
        return faults.length > 0 ? err(faults) : ok(rules);
      },
    },
  };
}

interface Schemas {
  readonly play: JsonObject;
  readonly input: JsonObject | null;
}

function compileOne(
  text: string | null,
  pointer: string,
  isCondition: boolean,
  schemas: Schemas,
  faults: InputFault[],
): Expression | null {
  if (text === null) return null;
  const compiled = compileExpression(text);
  const told = compiled.ok
    ? faultsIn(compiled.value, text, isCondition, schemas)
    : [`${compiled.error.message} ${compiled.error.hint ?? ''}`.trim()];
  faults.push(...told.map((message) => ({ pointer, message })));
  return compiled.ok ? compiled.value.expression : null;
}

function faultsIn(
  { paths, result }: CompiledExpression,
  text: string,
  isCondition: boolean,
  { play, input }: Schemas,
): string[] {
  const faults: string[] = [];
  if (isCondition && result !== 'boolean' && result !== 'unknown')
    faults.push(`Expected a condition that is true or false, but it gives a ${result}.`);
  const names = input?.['properties'];
  for (const path of paths) {
    const [root = '', member] = path.path;
    if (root === 'play') {
      const fault = checkParameter(play, text, path, isCondition);
      if (fault) faults.push(fault.hint ? `${fault.message} ${fault.hint}` : fault.message);
    } else if (root !== 'input') {
      faults.push(
        `Expected an expression that reads \`input\` and \`play\` alone, but it reads \`${root}\`. A text needs quotes of its own.`,
      );
    } else if (member !== undefined && typeof names === 'object' && names !== null && !Object.hasOwn(names, member)) {
      faults.push(`Expected a property of the input schema, but it has no \`${member}\`.`);
    }
  }
  return faults;
}
