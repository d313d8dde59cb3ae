import { z } from 'zod';
import { node } from '../../requests.js';

export const SettleBody = z.strictObject({
  node: node.describe('A node with participants that try, confirm and cancel.'),
  participant: node.describe('Its name; omitted: the only one that could not be settled.').optional(),
  visit: z.int().min(1).describe('As its incident tells it; omitted: whichever it is.').optional(),
  reason: z.string().trim().min(1).max(500).describe('How it was settled; for everyone who asks.'),
});
