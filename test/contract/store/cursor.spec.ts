import { expect, it } from 'vitest';
import { UnknownCursor } from '../../../src/engine/ports/views.js';
import { keysOf, pageOf } from '../../../src/storage/views/cursor.js';

const forged = (text: string): string => Buffer.from(text).toString('base64url');

it('reads what a page gave', () => {
  const { next } = pageOf(
    [{ id: 7 }, { id: 8 }],
    1,
    (row) => row,
    ({ id }) => [id, 'a-1'],
  );
  expect(keysOf(next ?? '', 2)).toEqual([7, 'a-1']);
});

it.each(['nonsense', '', '7', '["a"]', '[1,2,3]', '[null,1]', '[[1],1]', '["é",1]', '["\\u0000",1]', '[1e999,"a"]'])(
  'refuses %s, of which a statement could fail',
  (text) => {
    expect(() => keysOf(forged(text), 2)).toThrow(UnknownCursor);
  },
);

it('begins with the first page where there is none', () => {
  expect(keysOf(undefined, 2)).toBeNull();
});
