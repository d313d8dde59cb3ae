import type { InstanceStatus } from '../../../core/flow/instance.js';
import { UnknownCursor, type Views } from '../../ports/views.js';

/** The statuses in which an instance can go on in another version. */
const ALIVE: readonly InstanceStatus[] = ['running', 'paused', 'incident'];

export interface Page {
  readonly ids: readonly string[];
  readonly next: string | null;
}

/**
 * The next living instances of a flow that are meant, status by status; a page may have fewer than it could.
 * @throws {UnknownCursor} for a cursor that no page has given.
 */
export async function pageOf(
  views: Views,
  flow: string,
  { cursor, limit }: { readonly cursor?: string; readonly limit: number },
  isMeant: (version: number) => boolean,
): Promise<Page> {
  const [, written = '', rest = ''] = /^([a-z]+):(.*)$/.exec(cursor ?? '') ?? [];
  const at = cursor === undefined ? 0 : (ALIVE as readonly string[]).indexOf(written);
  if (at < 0) throw new UnknownCursor();
  const status = ALIVE[at] as InstanceStatus;
  const page = await views.instances({ flow, status, limit, ...(rest !== '' && { cursor: rest }) });
  const ids = page.items.filter(({ version }) => isMeant(version)).map(({ id }) => id);
  const following = ALIVE[at + 1];
  const next = page.next === null ? (following === undefined ? null : `${following}:`) : `${status}:${page.next}`;
  return { ids, next };
}
