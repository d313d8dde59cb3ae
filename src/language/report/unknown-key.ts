import { didYouMean } from './nearest.js';

/** What other engines call it, by what it is called here; only told where it is a key of the same map. */
const SAID_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  edges: ['transitions', 'links', 'connections', 'sequenceflows'],
  in: ['input', 'inputs', 'parameters', 'params', 'args', 'arguments', 'inputparameters'],
  manual: ['usertask', 'human', 'approval'],
  match: ['key', 'correlation', 'correlationkey', 'correlate', 'by'],
  nodes: ['steps', 'tasks', 'states', 'activities'],
  out: ['output', 'outputs', 'result', 'resultpath'],
  retry: ['retries', 'attempts', 'maxattempts', 'maxretries', 'retrycount', 'backoff'],
  task: ['handler', 'action', 'run', 'service', 'activity', 'function', 'worker'],
  timeout: ['after', 'deadline', 'expires', 'starttoclose', 'timelimit'],
  title: ['name', 'label', 'description', 'summary'],
  vars: ['variables'],
  when: ['if', 'condition', 'expression', 'guard'],
};

/** These are said in another place altogether. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  kind: "A node's kind is a key of its own, such as `task: payment.charge` or `timer: 5m`.",
  next: 'Where a node leads is said under `edges`, such as `- first -> second`.',
  type: "A node's kind is a key of its own, such as `task: payment.charge` or `timer: 5m`.",
  variables: 'A variable is there as soon as `set` or `out` writes it; the flow may declare it under `vars`.',
  vars: 'A variable is there as soon as `set` or `out` writes it; the flow may declare it under `vars`.',
};

/**
 * What helps who wrote a key that is none: the key that means it here, the one that is spelt nearly so, or all there
 * are. `known` are the keys of the same map; `null` where they are not known.
 */
export function hintOfUnknownKey(key: string, known: readonly string[] | null): string | null {
  if (known === null) return null;
  const plain = key.replaceAll(/[^a-z]/gi, '').toLowerCase();
  const meant = Object.keys(SAID_ELSEWHERE).find((name) => SAID_ELSEWHERE[name]?.includes(plain));
  if (meant !== undefined && known.includes(meant)) return `It is called \`${meant}\` here.`;
  if (Object.hasOwn(ELSEWHERE, plain)) return ELSEWHERE[plain] ?? null;
  const near = didYouMean(key, known);
  if (near !== null) return near;
  return known.length === 0 ? null : `It takes ${known.join(', ')}.`;
}
