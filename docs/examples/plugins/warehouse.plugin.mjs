// Kinds of node for a warehouse: `acme.reserve` keeps articles back for somebody, and gives them free when it is undone.
// A plugin imports nothing of Sluice; with `defineNodeType` an editor knows what belongs into it.

/** What is kept back, by idempotency key. A real warehouse keeps this in its database. */
const kept = new Map();

/** How many of an article there are, by warehouse. */
const stock = { north: 100, south: 3 };

const free = (warehouse) => {
  const taken = [...kept.values()].filter((one) => one.warehouse === warehouse);
  return stock[warehouse] - taken.reduce((sum, { amount }) => sum + amount, 0);
};

export default {
  name: 'acme.reserve',
  version: '1.0.0',
  description: 'Keeps articles back in a warehouse.',
  schema: {
    type: 'object',
    required: ['article', 'amount', 'warehouse'],
    properties: {
      article: { type: 'string', expression: true, description: 'What is kept back.' },
      amount: { type: 'integer', minimum: 1, expression: true, description: 'How many.' },
      warehouse: { enum: ['north', 'south'] },
      atMost: { type: 'integer', minimum: 1, description: 'More than so many are refused.' },
      whenEmpty: { enum: ['fail', 'wait'], description: 'What happens when there are too few. Default fail.' },
    },
  },
  traits: { timeout: '10s' },
  shape: 'cylinder',

  validate({ warehouse, atMost }) {
    if (atMost === undefined || atMost <= stock[warehouse]) return [];
    const message = `Expected \`atMost\` to be what ${warehouse} can hold, but it is ${atMost} of ${stock[warehouse]}.`;
    return [{ path: '/atMost', message, hint: 'Take the other warehouse.' }];
  },

  execute({ article, amount, warehouse, atMost = amount, whenEmpty = 'fail' }, { idempotencyKey, poll, fail }) {
    if (amount > atMost) fail('TOO_MANY', `Expected at most ${atMost} of ${article}, but ${amount} are asked for.`);
    // The same key again is the same reservation: a handler runs at least once.
    if (!kept.has(idempotencyKey) && free(warehouse) < amount) {
      if (whenEmpty === 'wait') return poll(30_000);
      return { _result: false, left: free(warehouse) };
    }
    kept.set(idempotencyKey, { article, amount, warehouse });
    return { reservation: idempotencyKey, article, amount };
  },

  compensate(_fields, { result }) {
    kept.delete(result.reservation);
    return { given: result.amount };
  },

  mock: ({ article, amount }) => ({ reservation: 'mocked', article, amount }),
};
