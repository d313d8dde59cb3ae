import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Log } from '../../engine/ports/log.js';
import { Problem } from './problem.js';
import { problemOf } from './problem-of.js';
import { sendProblem } from './send-problem.js';

/** The one place where errors become answers. What is not known to be the client's fault is logged and stays here. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(Log) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    // Whoever has gone away hears no answer, and nothing broke here.
    if (request.raw.destroyed && !request.raw.complete) return;
    const problem = problemOf(error) ?? this.#ours(error, request);
    if (!reply.sent) sendProblem(problem, request, reply);
  }

  #ours(error: unknown, request: FastifyRequest): Problem {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.log.error('a request failed', { request: request.id, route: request.routeOptions.url, error: text });
    return new Problem(
      500,
      'INTERNAL',
      `Expected to answer, but something broke here. Look for ${request.id} in the log.`,
    );
  }
}
