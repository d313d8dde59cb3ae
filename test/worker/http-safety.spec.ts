import type { ServerResponse } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { isPublicAddress } from '../../src/worker/built-in/http/address.js';
import type { Resolve } from '../../src/worker/built-in/http/guarded-agent.js';
import { ask, closeAfterEach, partner } from './loopback.js';

closeAfterEach();

describe('H25 addresses that are not public', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    '240.0.0.1',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:1::',
    'fe80::1',
    'fec0::1',
    'fd00:ec2::254',
    'ff02::1',
    '2001:db8::1',
    '100::1',
    '4000::1',
    'nonsense',
    '',
  ])('%s', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['8.8.8.8', '93.184.215.14', '2606:4700:4700::1111'])('but %s is', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '127.0.0.1',
    'localhost',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
    '127.1',
    '0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '169.254.169.254',
    '10.0.0.1',
    '127。0。0。1',
    'ⓛocalhost',
  ])('http://%s/ is refused', async (host) => {
    const { seen, origin } = await partner((_, response) => response.end());
    const outcome = await ask({ with: { url: `http://${host}:${new URL(origin).port}/` } }, []);
    expect(outcome).toMatchObject({ type: 'failed', code: 'HTTP_ADDRESS_REFUSED', permanent: true });
    expect(seen).toEqual([]);
  });

  it('a name is refused when one of its addresses is private', async () => {
    const resolve = vi.fn<Resolve>((_, answer) =>
      answer(null, [
        { address: '93.184.215.14', family: 4 },
        { address: '169.254.169.254', family: 4 },
      ]),
    );
    const outcome = await ask({ with: { url: 'http://metadata.google.internal/' } }, [], resolve);
    expect(outcome).toMatchObject({
      code: 'HTTP_ADDRESS_REFUSED',
      message: expect.stringContaining('169.254.169.254'),
    });
  });

  it('a name is asked for once per connection, and the socket gets what was checked', async () => {
    const { origin, seen } = await partner((_, response) => response.end());
    const resolve = vi.fn<Resolve>((_, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }]));
    const url = `http://partner.test:${new URL(origin).port}/`;
    await expect(ask({ with: { url } }, ['partner.test'], resolve)).resolves.toMatchObject({ type: 'completed' });
    expect(seen).toHaveLength(1);
    expect(resolve).toHaveBeenCalledTimes(1);
  });

  it('a private address is reached when its host, or host and port, is allowed, and no other', async () => {
    const { origin, host } = await partner((_, response) => response.end());
    await expect(ask({ with: { url: origin } }, [host])).resolves.toMatchObject({ type: 'completed' });
    await expect(ask({ with: { url: origin } }, ['127.0.0.1'])).resolves.toMatchObject({ type: 'completed' });
    await expect(ask({ with: { url: origin } }, ['127.0.0.1:1', 'localhost', '127.0.0.2'])).resolves.toMatchObject({
      code: 'HTTP_ADDRESS_REFUSED',
    });
  });
});

describe('H26 redirects', () => {
  const redirect = (response: ServerResponse, location: string, status = 302): void =>
    void response.writeHead(status, { location }).end();

  it('to a private address is refused', async () => {
    const inner = await partner((_, response) => response.end('secret'));
    const outer = await partner((_, response) => redirect(response, `${inner.origin}/admin`));
    const outcome = await ask({ with: { url: outer.origin } }, [outer.host]);
    expect(outcome).toMatchObject({ type: 'failed', code: 'HTTP_ADDRESS_REFUSED', permanent: true });
    expect(inner.seen).toEqual([]);
  });

  it('are followed five times, not six', async () => {
    const { origin, host, seen } = await partner((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('there');
      else redirect(response, `/${left - 1}`);
    });
    await expect(ask({ with: { url: `${origin}/5` } }, [host])).resolves.toMatchObject({ output: { body: 'there' } });
    seen.length = 0;
    await expect(ask({ with: { url: `${origin}/100` } }, [host])).resolves.toMatchObject({
      code: 'HTTP_REDIRECTS',
      permanent: true,
    });
    expect(seen).toHaveLength(6);
  });

  it('drop secrets across origins, and keep them within one', async () => {
    const other = await partner((_, response) => response.end());
    const first = await partner((request, response) =>
      redirect(response, request.url === '/a' ? '/b' : `${other.origin}/c`),
    );
    const headers = {
      Authorization: 'Bearer x',
      Cookie: 'a=b',
      'X-Api-Key': 'k',
      'X-Kept': 'yes',
      'X-Signed': '${key}',
    };
    const input = { key: 'made of the input' };
    await ask({ input, with: { url: `${first.origin}/a`, headers } }, [first.host, other.host]);
    expect(first.seen[1]?.headers).toMatchObject({ 'x-signed': 'made of the input' });
    expect(first.seen[1]?.headers).toMatchObject({ authorization: 'Bearer x', cookie: 'a=b', 'x-api-key': 'k' });
    expect(other.seen[0]?.headers).toMatchObject({ 'x-kept': 'yes' });
    for (const name of ['authorization', 'cookie', 'x-api-key', 'x-signed'])
      expect(other.seen[0]?.headers).not.toHaveProperty(name);
  });

  it.each([
    [303, 'GET', ''],
    [302, 'GET', ''],
    [307, 'POST', '{"a":1}'],
  ])('%d of a POST asks again with %s', async (status, method, body) => {
    const { origin, host, seen, bodies } = await partner((request, response) =>
      request.url === '/a' ? redirect(response, '/b', status) : response.end(),
    );
    await ask({ input: { a: 1 }, with: { method: 'POST', url: `${origin}/a` } }, [host]);
    expect(seen[1]?.method).toBe(method);
    expect(bodies[1]).toBe(body);
  });

  it.each(['file:///etc/passwd', 'gopher://127.0.0.1/', 'http://ann:x@127.0.0.1/', 'http://'])(
    'to %s is refused',
    async (location) => {
      const { origin, host } = await partner((_, response) => redirect(response, location));
      await expect(ask({ with: { url: origin } }, [host])).resolves.toMatchObject({
        code: 'HTTP_BAD_REQUEST',
        permanent: true,
      });
    },
  );
});

describe('H27 responses without end', () => {
  it('stops at 1 MiB of a body that never ends', async () => {
    const { origin, host } = await partner((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const more = (): void => {
        while (response.writable && response.write(Buffer.alloc(65_536, 'x')));
        if (response.writable) response.once('drain', more);
      };
      more();
    });
    await expect(ask({ with: { url: origin } }, [host])).resolves.toMatchObject({
      code: 'HTTP_RESPONSE_TOO_LARGE',
      permanent: true,
    });
  });

  it.each([
    ['gzip', gzipSync],
    ['br', (zeros: Buffer) => brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ])('bounds a bomb in %s while it unfolds', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(50 * 1024 * 1024));
    const { origin, host } = await partner((_, response) =>
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': encoding }).end(bomb),
    );
    const before = process.memoryUsage().rss;
    await expect(ask({ with: { url: origin } }, [host])).resolves.toMatchObject({
      code: 'HTTP_RESPONSE_TOO_LARGE',
      permanent: true,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('reads a body in gzip', async () => {
    const { origin, host } = await partner((_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/problem+json', 'content-encoding': 'gzip' })
        .end(gzipSync('{"a":1}')),
    );
    await expect(ask({ with: { url: origin } }, [host])).resolves.toMatchObject({ output: { body: { a: 1 } } });
  });

  it('gives up on a slow drip when the time of the attempt is up, and closes the connection', async () => {
    let closed: Promise<void> | undefined;
    const { origin, host } = await partner((_, response) => {
      const drip = setInterval(() => response.write('x'), 10);
      closed = new Promise((resolve) => response.on('close', () => (clearInterval(drip), resolve())));
    });
    await expect(ask({ with: { url: origin }, timeoutMs: 150 }, [host])).resolves.toMatchObject({ code: 'TIMEOUT' });
    await closed;
  });

  it.each([
    ['an image', { 'content-type': 'image/png' }, 'x', 'HTTP_CONTENT_TYPE'],
    ['JSON that is none', { 'content-type': 'application/json' }, '<html>', 'HTTP_BAD_JSON'],
    ['an unknown encoding', { 'content-encoding': 'gzip, gzip' }, 'x', 'HTTP_ENCODING'],
  ])('refuses %s', async (_, headers, body, code) => {
    const { origin, host } = await partner((_request, response) => void response.writeHead(200, headers).end(body));
    await expect(ask({ with: { url: origin } }, [host])).resolves.toMatchObject({ code, permanent: true });
  });
});
