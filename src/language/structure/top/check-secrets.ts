import type { Report } from '../../report/report.js';
import type { Tree } from '../../yaml/tree.js';

const SECRET =
  /^(?:.*[_-])?(?:passwords?|passwd|passphrase|secrets?|token|api[_-]?key|authorization|private[_-]?key)$/i;

/** A definition is kept for ever and shown to everybody who may see the flow. */
export function checkSecrets(tree: Tree, report: Report, isLiteral = false): void {
  if (tree.type === 'scalar') return;
  if (tree.type === 'list') {
    for (const item of tree.items) checkSecrets(item, report, isLiteral);
    return;
  }
  for (const { key, value } of tree.entries) {
    if (SECRET.test(key) && isText(value, isLiteral)) {
      const message = `Expected no secret in a definition, but \`${key}\` looks like one.`;
      report.add('SECRET_IN_TEXT', value, message, 'Name it in `in` instead: `token: secret.paymentKey`.');
    }
    checkSecrets(value, report, isLiteral || key === 'with');
  }
}

/** Under `with` a text is a literal; elsewhere it is one when the expression is nothing but a quoted text. */
function isText(tree: Tree, isLiteral: boolean): boolean {
  if (tree.type !== 'scalar' || typeof tree.value !== 'string' || tree.value === '') return false;
  // What is filled in is not written there.
  if (isLiteral && tree.value.includes('${')) return false;
  return isLiteral || /^(?:'[^']+'|"[^"]+")$/.test(tree.value.trim());
}
