import { it } from 'vitest';
import { degrades } from '../support/engine/degrading.js';

it('gives it while its circuit is open, and says so, embedded', () => degrades({}), 90_000);
