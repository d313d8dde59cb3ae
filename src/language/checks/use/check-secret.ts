import { type PlacedExpression, secretNamed } from '../../expression/compile/compile-values.js';
import type { Report, Span } from '../../report/report.js';
import type { Graph } from '../graph.js';

const ONLY_THERE = 'Only what a task gets may be one: `in: { token: secret.paymentKey }`.';

interface Named {
  readonly role: string;
  readonly owner: number;
  readonly placed: PlacedExpression;
}

/** A secret that is named where it cannot be: what is said there is evaluated by the engine, and stored or sent. */
export function checkSecret(graph: Graph, { role, owner, placed }: Named, at: Span, report: Report): void {
  const node = graph.node(owner);
  // What could be taken and was not stands where nothing is given: a key, a bound, a list.
  const isWhole = secretNamed(placed) !== null;
  if (!isWhole && role === 'in' && node?.kind === 'task' && !node.work && !node.remote && node.each?.as !== 'secret') {
    const message = 'Expected `secret.NAME` and nothing else where a secret is given, but there is more, or less.';
    report.add(
      'SECRET_NOT_ALONE',
      at,
      message,
      'A name has ASCII letters, digits and "_", a letter first: `secret.paymentKey`.',
    );
    return;
  }
  const where = owner < 0 ? `the \`${role}\` of a flow` : `${WORDS[role] ?? `\`${role}\``} of \`${graph.id(owner)}\``;
  const hint =
    node?.kind === 'task' && (node.remote || node.handler === 'emit')
      ? 'What it gets travels in a message. Let whoever hears it read the secret from its own settings.'
      : role === 'in' && node?.kind === 'task' && node.work
        ? 'What it gets becomes part of what it gives. Make a task of its own of what needs the secret.'
        : ONLY_THERE;
  report.add('SECRET_NOT_HERE', at, `Expected no secret in ${where}, but one is read.`, hint);
}

const WORDS: Readonly<Record<string, string>> = { line: 'an edge' };
