import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import type { Resolve } from '../../src/worker/built-in/http/guarded-agent.js';
import { ask, closeAfterEach, partner } from './loopback.js';

closeAfterEach();

const json = (response: ServerResponse, body: unknown, status = 200, headers = {}): void =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

describe('the built-in task http', () => {
  it('sends the input as JSON with the idempotency key, and answers status, headers and body', async () => {
    const { origin, host, seen, bodies } = await partner((_, response, body) =>
      json(response, { got: JSON.parse(body) }, 201, { etag: '"1"', 'set-cookie': 'a=b' }),
    );
    const outcome = await ask({ input: { loan: 'l1' }, with: { method: 'post', url: `${origin}/loans` } }, [host]);
    expect(outcome).toEqual({
      type: 'completed',
      output: { status: 201, headers: expect.objectContaining({ etag: '"1"' }), body: { got: { loan: 'l1' } } },
    });
    expect(outcome).not.toHaveProperty('output.headers.set-cookie');
    expect(seen[0]?.headers).toMatchObject({
      'idempotency-key': '0192.disburse.1',
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      'content-type': 'application/json',
    });
    expect(bodies).toEqual(['{"loan":"l1"}']);
  });

  it('fills placeholders: encoded in the URL, as text in headers, as values in a JSON body', async () => {
    const { origin, host, seen, bodies } = await partner((_, response) => response.end('fine'));
    const outcome = await ask(
      {
        input: { id: 'a/../b?c', who: { name: 'Ann' }, amount: 5, list: [1] },
        with: {
          method: 'PUT',
          url: `${origin}/loans/\${id}?q=\${who.name}`,
          headers: { 'X-Amount': 'EUR ${amount}' },
          body: { amount: '${amount}', list: '${list}', text: 'for ${who.name}' },
        },
      },
      [host],
    );
    expect(outcome).toMatchObject({ type: 'completed', output: { body: 'fine' } });
    expect(seen[0]?.url).toBe('/loans/a%2F..%2Fb%3Fc?q=Ann');
    expect(seen[0]?.headers['x-amount']).toBe('EUR 5');
    expect(JSON.parse(bodies[0] ?? '')).toEqual({ amount: 5, list: [1], text: 'for Ann' });
  });

  it.each([
    [400, true],
    [401, true],
    [404, true],
    [408, false],
    [422, true],
    [425, false],
    [429, false],
    [500, false],
    [503, false],
    [304, true],
  ])('fails with HTTP_%d, for good: %s', async (status, permanent) => {
    const { origin, host } = await partner((_, response) => void response.writeHead(status).end());
    const outcome = await ask({ with: { url: origin } }, [host]);
    expect(outcome).toMatchObject({ type: 'failed', code: `HTTP_${status}`, permanent });
  });

  it('can be tried again when nobody listens', async () => {
    const outcome = await ask({ with: { url: 'http://127.0.0.1:1/' } }, ['127.0.0.1']);
    expect(outcome).toMatchObject({ type: 'failed', code: 'ECONNREFUSED', permanent: false });
  });

  it.each<[string, Record<string, unknown>]>([
    ['another scheme', { url: 'file:///etc/passwd' }],
    ['credentials', { url: 'http://ann:x@partner.example/' }],
    ['a line end in the URL', { url: 'http://partner.example/a\r\nX: y' }],
    ['no URL', { url: 'http://' }],
    ['none', {}],
    ['a placeholder in the host', { url: 'http://${id}.example/' }],
    ['an unknown placeholder', { url: 'http://partner.example/${nothing}' }],
    ['a placeholder of a prototype', { url: 'http://partner.example/${constructor}' }],
    ['a segment that would climb', { url: 'http://partner.example/a/${up}/b' }],
    ['a line end in a header', { url: 'http://partner.example/', headers: { a: '${lines}' } }],
    ['a header name that is none', { url: 'http://partner.example/', headers: { 'a b': 'c' } }],
    ['a header of the connection', { url: 'http://partner.example/', headers: { Host: 'x' } }],
    ['an unknown method', { url: 'http://partner.example/', method: 'TRACE' }],
    ['a body with GET', { url: 'http://partner.example/', body: {} }],
  ])('refuses for good, before anything is sent: %s', async (_, literals) => {
    const resolve = vi.fn<Resolve>();
    const input = { id: 'a', up: '..', lines: 'a\r\nb: c' };
    const outcome = await ask({ input, with: literals as never }, [], resolve);
    expect(outcome).toMatchObject({
      type: 'failed',
      code: expect.stringMatching(/^HTTP_(BAD_REQUEST|TEMPLATE)$/),
      permanent: true,
    });
    expect(resolve).not.toHaveBeenCalled();
  });
});
