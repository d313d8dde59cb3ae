export interface SseMessage {
  readonly event: string;
  readonly data: string;
  readonly id: string | null;
}

/**
 * Reads a `text/event-stream` from pieces of any size. Comments (heartbeats) are swallowed; an event without data is
 * none. `id` is the last one seen, as the format asks.
 */
export function sseReader(onMessage: (message: SseMessage) => void): (piece: string) => void {
  let rest = '';
  let event = '';
  let data: string[] = [];
  let id: string | null = null;

  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) onMessage({ event: event || 'message', data: data.join('\n'), id });
      event = '';
      data = [];
      return;
    }
    if (text.startsWith(':')) return;
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
  };

  return (piece) => {
    rest += piece;
    // A line may end in \r\n, and the two may come in different pieces: a lone \r at the end has to wait.
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(rest);
      if (!end) return;
      const text = rest.slice(0, end.index);
      rest = rest.slice(end.index + end[0].length);
      line(text);
    }
  };
}

/** How long to wait before the n-th reconnect (from 1): half a second, doubling, at most ten. In milliseconds. */
export const reconnectDelayMs = (n: number): number => Math.min(500 * 2 ** (n - 1), 10_000);
