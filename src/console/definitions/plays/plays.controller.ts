import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { JsonObject } from '../../../core/json.js';
import type { Result } from '../../../core/result.js';
import { Catalog } from '../../../engine/ports/catalog.js';
import { Store } from '../../../engine/ports/store.js';
import { counterOf } from '../../../engine/start/plays/admit-play.js';
import type { PlayRevision } from '../../../engine/start/plays/play-store.js';
import { type PlayDraft, type PlayRefusal, WritePlay } from '../../../engine/start/plays/write-play.js';
import { StartInstance } from '../../../engine/start/start-instance.js';
import type { TriggerCount } from '../../../engine/start/triggers/trigger-store.js';
import { By } from '../../access/asker.js';
import { Checked } from '../../http/checked.pipe.js';
import { Problem } from '../../http/problem.js';
import { readReceipt } from '../../http/read-receipt.js';
import { refused } from '../../instances/instances.controller.js';
import { iso } from '../../instances/write-views.js';
import { NoQuery, PageQuery } from '../../requests.js';
import {
  ChangePlayBody,
  PlayBody,
  type PlayListRow,
  type PlayPage,
  PlayPath,
  type PlayRevisionPage,
  type PlayRow,
  PlayStartBody,
  type PlayStarted,
  PlaysQuery,
  type PlayView,
  TurnPlayBody,
} from './play-views.js';

type Row = z.output<typeof PlayRow>;
type Code = z.output<typeof PlayPath>;
const Path = () => Param(new Checked(PlayPath, 'path'));

/** Flows as operators configure them. */
@Controller('api/plays')
export class PlaysController {
  constructor(
    @Inject(WritePlay) private readonly write: WritePlay,
    @Inject(StartInstance) private readonly start: StartInstance,
    @Inject(Store) private readonly store: Store,
    @Inject(Catalog) private readonly catalog: Catalog,
  ) {}

  @Get()
  async list(
    @Query(new Checked(PlaysQuery, 'query')) query: z.output<typeof PlaysQuery>,
  ): Promise<z.output<typeof PlayPage>> {
    const { items, next } = await this.store.plays.list(given(query));
    const counts = await this.#counts();
    return { items: items.map((play) => listRow(play, counts)), next };
  }

  @Post()
  async create(@By() by: string, @Body(new Checked(PlayBody, 'body')) body: z.output<typeof PlayBody>): Promise<Row> {
    const { code, flow, reason = null, ...rest } = body;
    const draft = { title: null, params: {}, window: null, audience: null, quota: null, ...draftOf(rest) };
    return done(await this.write.create({ code, flow, ...draft }, { by, reason }));
  }

  @Get(':code')
  async one(
    @Path() { code }: Code,
    @Query(new Checked(NoQuery, 'query')) _query: unknown,
  ): Promise<z.output<typeof PlayView>> {
    const play = await this.store.plays.find(code);
    if (!play) throw unknownPlay(code);
    const published = await this.catalog.get(play.flow);
    const [counts, instances] = [await this.#counts(), await this.store.plays.counts(code)];
    return { ...listRow(play, counts), schema: { ...published?.definition.play }, instances };
  }

  @Get(':code/revisions')
  async revisions(
    @Path() { code }: Code,
    @Query(new Checked(PageQuery, 'query')) page: z.output<typeof PageQuery>,
  ): Promise<z.output<typeof PlayRevisionPage>> {
    if (!(await this.store.plays.find(code))) throw unknownPlay(code);
    const { items, next } = await this.store.plays.revisions(code, given(page));
    return { items: items.map(playRow), next };
  }

  @Post(':code/change')
  @HttpCode(200)
  async change(
    @By() by: string,
    @Path() { code }: Code,
    @Body(new Checked(ChangePlayBody, 'body')) { reason, revision, ...changes }: z.output<typeof ChangePlayBody>,
  ): Promise<Row> {
    return done(
      await this.write.change(code, draftOf(changes), { by, reason: reason ?? null, ...given({ revision }) }),
    );
  }

  @Post(':code/pause')
  @HttpCode(200)
  async pause(
    @By() by: string,
    @Path() { code }: Code,
    @Body(new Checked(TurnPlayBody, 'body')) { reason }: z.output<typeof TurnPlayBody>,
  ): Promise<Row> {
    return done(await this.write.turn(code, 'pause', { by, reason: reason ?? null }));
  }

  @Post(':code/resume')
  @HttpCode(200)
  async resume(
    @By() by: string,
    @Path() { code }: Code,
    @Body(new Checked(TurnPlayBody, 'body')) { reason }: z.output<typeof TurnPlayBody>,
  ): Promise<Row> {
    return done(await this.write.turn(code, 'resume', { by, reason: reason ?? null }));
  }

  @Post(':code/end')
  @HttpCode(200)
  async end(
    @By() by: string,
    @Path() { code }: Code,
    @Body(new Checked(TurnPlayBody, 'body')) { reason }: z.output<typeof TurnPlayBody>,
  ): Promise<Row> {
    return done(await this.write.turn(code, 'end', { by, reason: reason ?? null }));
  }

  @Post(':code/start')
  async begin(
    @Path() { code }: Code,
    @Headers('idempotency-key') key: string | undefined,
    @Body(new Checked(PlayStartBody, 'body')) body: z.output<typeof PlayStartBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof PlayStarted>> {
    const receipt = readReceipt(key);
    const answer = await this.start.execute({
      flow: '',
      play: code,
      ...given({ ...body, receipt }),
      input: body.input,
    });
    if (!answer.ok) throw refused(answer.error);
    const { sent: _, stands: __, duplicate, ...started } = answer.value;
    void reply.status(duplicate ? 200 : 201).header('location', `/api/instances/${started.id}`);
    return { ...started, ...(duplicate ? { duplicate } : {}) };
  }

  async #counts(): Promise<ReadonlyMap<string, TriggerCount>> {
    return new Map((await this.store.triggers.counts()).map((one) => [one.trigger, one]));
  }
}

/** Members that were given. */
function given<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function draftOf({
  title,
  params,
  window,
  audience,
  quota,
}: Omit<z.output<typeof ChangePlayBody>, 'reason' | 'revision'>): Partial<PlayDraft> {
  const ends = window && {
    fromMs: window.from === undefined ? Number.MIN_SAFE_INTEGER : Date.parse(window.from),
    toMs: window.to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(window.to),
  };
  const most = quota && { max: quota.max, by: quota.by ?? null };
  return given({
    title,
    params: params as JsonObject | undefined,
    window: ends,
    audience,
    quota: most,
  }) as Partial<PlayDraft>;
}

function done(answer: Result<PlayRevision, PlayRefusal>): Row {
  if (answer.ok) return playRow(answer.value);
  const { code, message, violations } = answer.error;
  const status =
    code === 'UNKNOWN_FLOW' || code === 'UNKNOWN_PLAY'
      ? 404
      : code === 'INVALID_PLAY' || code === 'NOT_PLAYABLE'
        ? 422
        : 409;
  throw new Problem(status, code, message, violations ? { violations } : {});
}

const unknownPlay = (code: string): Problem =>
  new Problem(404, 'UNKNOWN_PLAY', `Expected a play '${code}', but there is none. List them with GET /api/plays.`);

function listRow(play: PlayRevision, counts: ReadonlyMap<string, TriggerCount>): z.output<typeof PlayListRow> {
  const { started = 0, duplicate = 0, passed = 0, over = 0, failed = 0 } = counts.get(counterOf(play.code)) ?? {};
  return { ...playRow(play), counts: { started, duplicate, passed, over, failed } };
}

const playRow = ({
  code,
  title,
  flow,
  state,
  revision,
  params,
  window,
  audience,
  quota,
  ...hand
}: PlayRevision): Row => ({
  code,
  title,
  flow,
  state,
  revision,
  params: { ...params },
  window: window && { from: momentOf(window.fromMs), to: momentOf(window.toMs) },
  audience,
  quota,
  what: hand.what,
  by: hand.by,
  reason: hand.reason,
  at: iso(hand.at),
});

/** An end that was left out. */
const momentOf = (ms: number): string | null => (Number.isNaN(new Date(ms).getTime()) ? null : iso(ms));
