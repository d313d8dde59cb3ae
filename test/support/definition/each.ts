import type { EachRule } from '../../../src/core/definition/work/each.js';
import { path } from '../build-definition.js';

/** Items of `input.items`, two at a time unless said otherwise. */
export const each = (more: Partial<EachRule> = {}): EachRule => ({
  list: path('input.items'),
  as: 'item',
  parallel: 2,
  limit: 100,
  until: null,
  rest: 'cancel',
  onError: 'fail',
  collect: true,
  ...more,
});
