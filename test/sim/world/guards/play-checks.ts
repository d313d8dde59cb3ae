import { err, ok } from '../../../../src/core/result.js';
import type { PlayChecks } from '../../../../src/engine/ports/catalog.js';
import { path } from '../../../support/build-definition.js';

/** What a play may say of a flow that is drawn. */
export const PLAY_CHECKS: PlayChecks = {
  checkParams: (params) =>
    typeof (params as { prize?: unknown }).prize === 'string'
      ? []
      : [{ pointer: '/prize', message: 'Expected a prize, but there is none.' }],
  compile: ({ audience, by }) =>
    audience === null
      ? ok({ audience: null, by: by === null ? null : path(by) })
      : err([{ pointer: '/audience', message: 'Expected everybody, but it is for some.' }]),
};
