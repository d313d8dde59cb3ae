import { ApiClient } from '../api/api-client.js';
import { readItems } from '../input/read-input.js';
import { Refused, type Terminal } from '../terminal.js';

export interface AddOptions {
  readonly items?: string;
  readonly last?: boolean;
  readonly seen?: string;
  readonly visit?: string;
}

/** Adds items to those of a node that takes more, or says that there are all. */
export async function addItems(
  { id, node }: { readonly id: string; readonly node: string },
  { items: given, last = false, seen, visit }: AddOptions,
  terminal: Terminal,
): Promise<number> {
  const items = await readItems(given, terminal);
  if (items.length === 0 && !last)
    throw new Refused('Expected --items, --last or both, but there is neither. Say what is to be added.', 2);
  await new ApiClient(terminal).post(`/instances/${encodeURIComponent(id)}/items`, {
    node,
    items,
    last,
    ...(seen !== undefined && { seen: count(seen, '--seen', 0) }),
    ...(visit !== undefined && { visit: count(visit, '--visit', 1) }),
  });
  const added = items.length === 0 ? 'Nothing added' : `Added ${items.length}`;
  terminal.err(last ? `${added}; no more are to come.` : `${added}.`);
  return 0;
}

function count(text: string, name: string, least: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Refused(`Expected ${name} to be a whole number from ${least}, but it is '${text}'.`, 2);
}
