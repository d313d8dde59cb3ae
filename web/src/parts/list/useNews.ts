import { useEffect, useState } from 'react';
import { live } from '../../api/live.js';
import { isNews, type RowFilter } from '../../model/patch.js';

/**
 * Counts instances that began after the list was read. They are offered, and not pushed in: rows keep still under the
 * cursor.
 */
export function useNews(newest: string | undefined, filter: RowFilter): { count: number; clear: () => void } {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const { flow, status, key } = filter;

  useEffect(() => {
    setIds(new Set());
    return live.onEvent((event) => {
      if (!isNews(newest, event, { flow, status, key })) return;
      setIds((known) => (known.has(event.id) ? known : new Set(known).add(event.id)));
    });
  }, [newest, flow, status, key]);

  return { count: ids.size, clear: () => setIds(new Set()) };
}
