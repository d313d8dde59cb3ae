import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Paths that are no pages: what is unknown there is a 404. */
const API = /^\/(api|health|metrics)(\/|$)/;
const NOT_BUILT = 'The console is not built. Run `npm run build`, then start again. The API answers under /api.\n';

/** Serves the built console: its files as they are, and its page for every other path. */
export async function serveConsole(fastify: FastifyInstance, folder: string): Promise<void> {
  const built = existsSync(join(folder, 'index.html'));
  if (built)
    await fastify.register(fastifyStatic, { root: folder, serve: false, dotfiles: 'deny', cacheControl: false });
  fastify.get('/*', (request, reply) => {
    const path = decodeURI(request.url.split('?')[0] ?? '/');
    if (API.test(path)) return reply.callNotFound();
    if (!built) return reply.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
    const isFile = /\.[^/]*$/.test(path);
    const forever = path.startsWith('/assets/');
    void reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
    return reply.sendFile(isFile ? path.slice(1) : 'index.html');
  });
}
