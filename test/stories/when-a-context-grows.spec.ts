import { it } from 'vitest';
import { growsTooLarge } from '../support/engine/growing.js';

it('holds the step that would make it too large, embedded', () => growsTooLarge({}), 60_000);
