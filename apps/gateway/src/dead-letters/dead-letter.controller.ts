import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { DEAD_LETTERS_A_PAGE, DeadLetterDetail, DeadLetterReplay, DeadLetterView } from '@slipway/contracts';
import type { Caller } from '@slipway/domain';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { assertOperator } from '../auth/operator.js';
import { CallerOf } from '../auth/token.guard.js';
import { absoluteUrl, PageQuery, pageOf, pageView, type PageView } from '../http/paging.js';
import { parse } from '../http/parse.js';
import { DEAD_LETTERS, SETTINGS, type DeadLetterDesk, type Settings } from '../ports.js';

const LetterPath = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });
type LetterPath = z.infer<typeof LetterPath>;

/** Messages that nobody could take in. */
@Controller('v1/dead-letters')
export class DeadLetterController {
  constructor(
    @Inject(DEAD_LETTERS) private readonly deadLetters: DeadLetterDesk,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws ACCESS_DENIED */
  @Get()
  @Describe({
    section: 'dead letters',
    summary: 'List the dead letters, the newest first',
    details: 'They are kept for 30 days, and not more than 1000 of one consumer.',
    who: 'operator',
    answers: { 200: pageOf(DeadLetterView) },
    errors: ['ACCESS_DENIED', 'SERVICE_UNAVAILABLE'],
  })
  async list(
    @Query(parse(PageQuery)) { page }: PageQuery,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<PageView<DeadLetterView>> {
    assertOperator(caller);
    const { count, letters } = await this.deadLetters.list(page);
    const next = page * DEAD_LETTERS_A_PAGE < count ? { page: page + 1 } : null;
    const previous = page > 1 ? { page: page - 1 } : null;
    return pageView({ count, next, previous, results: letters }, absoluteUrl(request, this.settings.publicUrl));
  }

  /** @throws ACCESS_DENIED, DEAD_LETTER_NOT_FOUND */
  @Get(':id')
  @Describe({
    section: 'dead letters',
    summary: 'Look into a dead letter',
    details: 'With the headers and the body of the message.',
    who: 'operator',
    answers: { 200: DeadLetterDetail },
    errors: ['ACCESS_DENIED', 'DEAD_LETTER_NOT_FOUND', 'SERVICE_UNAVAILABLE'],
  })
  async get(
    @Param(parse(LetterPath, 'DEAD_LETTER_NOT_FOUND')) { id }: LetterPath,
    @CallerOf() caller: Caller,
  ): Promise<DeadLetterDetail> {
    assertOperator(caller);
    return this.deadLetters.get(id);
  }

  /** @throws ACCESS_DENIED, DEAD_LETTER_NOT_FOUND, DEAD_LETTER_CUT */
  @Post(':id/replay')
  @HttpCode(200)
  @Describe({
    section: 'dead letters',
    summary: 'Replay a dead letter',
    details:
      'The message is published to its subject again, and then no dead letter any more. What cannot be taken in now ' +
      'either becomes another one. What the system knows by now is passed over. Asked again within a day, the answer ' +
      'is the same and nothing is published.',
    who: 'operator',
    answers: { 200: DeadLetterReplay },
    errors: ['ACCESS_DENIED', 'DEAD_LETTER_NOT_FOUND', 'DEAD_LETTER_CUT', 'SERVICE_UNAVAILABLE'],
  })
  async replay(
    @Param(parse(LetterPath, 'DEAD_LETTER_NOT_FOUND')) { id }: LetterPath,
    @CallerOf() caller: Caller,
  ): Promise<DeadLetterReplay> {
    assertOperator(caller);
    return this.deadLetters.replay({ id, by: caller.name });
  }

  /** @throws ACCESS_DENIED, DEAD_LETTER_NOT_FOUND */
  @Delete(':id')
  @HttpCode(204)
  @Describe({
    section: 'dead letters',
    summary: 'Remove a dead letter',
    who: 'operator',
    answers: { 204: null },
    errors: ['ACCESS_DENIED', 'DEAD_LETTER_NOT_FOUND', 'SERVICE_UNAVAILABLE'],
  })
  async remove(
    @Param(parse(LetterPath, 'DEAD_LETTER_NOT_FOUND')) { id }: LetterPath,
    @CallerOf() caller: Caller,
  ): Promise<void> {
    assertOperator(caller);
    await this.deadLetters.remove({ id, by: caller.name });
  }
}
