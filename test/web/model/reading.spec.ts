import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenFromFragment, tokenFromPaste } from '../../../web/src/model/access/token.js';
import { countOf, parseSearch, stringifySearch, textOf } from '../../../web/src/model/search.js';
import { reconnectDelayMs, type SseMessage, sseReader } from '../../../web/src/model/sse.js';

describe('the token of a link', () => {
  it('is taken out of the fragment, and the rest stays', () => {
    expect(tokenFromFragment('#token=flw_a%2Bb')).toEqual({ token: 'flw_a+b', rest: '' });
    expect(tokenFromFragment('#tab=vars&token=x')).toEqual({ token: 'x', rest: '#tab=vars' });
    expect(tokenFromFragment('#tab=vars')).toEqual({ token: null, rest: '#tab=vars' });
    expect(tokenFromFragment('')).toEqual({ token: null, rest: '' });
  });

  it('is none when it is empty, and survives a broken escape', () => {
    expect(tokenFromFragment('#token=')).toEqual({ token: null, rest: '' });
    expect(tokenFromFragment('#token=%')).toEqual({ token: '%', rest: '' });
  });

  it('may be pasted bare or as the whole link', () => {
    expect(tokenFromPaste('  flw_abc \n')).toBe('flw_abc');
    expect(tokenFromPaste('http://127.0.0.1:3000/#token=flw_abc')).toBe('flw_abc');
    expect(tokenFromPaste('http://127.0.0.1:3000/#')).toBeNull();
    expect(tokenFromPaste('   ')).toBeNull();
  });
});

describe('the event stream', () => {
  const read = (...pieces: string[]): SseMessage[] => {
    const heard: SseMessage[] = [];
    const feed = sseReader((message) => heard.push(message));
    for (const piece of pieces) feed(piece);
    return heard;
  };

  it('gives event, data and the last id, and swallows heartbeats', () => {
    expect(read(': open\n\nid: 7\nevent: instance\ndata: {"a":1}\n\n: beat\n\ndata: x\n\n')).toEqual([
      { event: 'instance', data: '{"a":1}', id: '7' },
      { event: 'message', data: 'x', id: '7' },
    ]);
  });

  it('joins data lines, takes one space off, and drops events without data', () => {
    expect(read('data:  a\ndata\ndata:b\n\nevent: nothing\n\n')).toEqual([
      { event: 'message', data: ' a\n\nb', id: null },
    ]);
  });

  it('does not end a line between \\r and \\n', () => {
    expect(read('data: a\r', '\ndata: b\r\n\r', '\n')).toEqual([{ event: 'message', data: 'a\nb', id: null }]);
  });

  it('keeps an unfinished event back', () => {
    expect(read('data: a\n')).toEqual([]);
  });

  it('reads the same however the stream is cut', () => {
    const text = 'id: 1\nevent: instance\ndata: {"text":"ä€😀"}\n\n:\n\nevent: other\ndata: 1\ndata: 2\n\n';
    const whole = read(text);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 12 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(read(...at.slice(1).map((end, index) => text.slice(at[index], end)))).toEqual(whole);
      }),
    );
  });

  it('waits longer after each failure, and never over ten seconds', () => {
    expect([1, 2, 3, 5, 6, 40].map(reconnectDelayMs)).toEqual([500, 1000, 2000, 8000, 10_000, 10_000]);
  });
});

describe('the address', () => {
  it('keeps a key of digits a text, and leaves out what is empty', () => {
    const search = { key: '0042', status: 'incident', flow: undefined, visit: 2, tab: '' };
    expect(stringifySearch(search)).toBe('?key=0042&status=incident&visit=2');
    expect(parseSearch('?key=0042&status=incident&visit=2')).toEqual({ key: '0042', status: 'incident', visit: '2' });
    expect(stringifySearch({})).toBe('');
  });

  it('brings every text back', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (key) => {
        expect(parseSearch(stringifySearch({ key }))).toEqual({ key });
      }),
    );
  });

  it('reads nonsense as nothing', () => {
    expect([textOf(''), textOf(3), textOf('a')]).toEqual([undefined, undefined, 'a']);
    expect(['0', '-1', '1.5', 'x', undefined, '12'].map(countOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      12,
    ]);
  });
});
