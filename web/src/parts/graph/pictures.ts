/** Pictures that were drawn once: in memory for this tab, in IndexedDB for the next. */
const memory = new Map<string, string>();
const STORE = 'pictures';
/** More than this many are old versions that nobody looks at. */
const MOST = 200;

let opening: Promise<IDBDatabase | null> | undefined;

export async function recall(key: string): Promise<string | null> {
  const known = memory.get(key);
  if (known) return known;
  const stored = await request((store) => store.get(key), 'readonly');
  if (typeof stored !== 'string') return null;
  memory.set(key, stored);
  return stored;
}

export async function remember(key: string, svg: string): Promise<void> {
  memory.set(key, svg);
  const count = await request((store) => store.count(), 'readonly');
  if (typeof count === 'number' && count >= MOST) await request((store) => store.clear(), 'readwrite');
  await request((store) => store.put(svg, key), 'readwrite');
}

/** A browser that keeps no database (a private window) draws each picture anew: that is slower, and nothing else. */
async function request(ask: (store: IDBObjectStore) => IDBRequest, mode: IDBTransactionMode): Promise<unknown> {
  opening ??= open();
  const database = await opening;
  if (!database) return undefined;
  return new Promise((resolve) => {
    try {
      const asked = ask(database.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => resolve(undefined);
    } catch {
      resolve(undefined);
    }
  });
}

function open(): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    try {
      const asked = indexedDB.open('sluice', 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => resolve(null);
      asked.onblocked = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}
