import { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { FollowedEvent, LogLineView, type BuildId } from '@slipway/contracts';
import type { ReadModel } from '@slipway/read-model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Describe } from '../api/describe.js';
import { AllowAnonymous } from '../auth/token.guard.js';
import { BuildIdParam, visibleBuild } from '../builds/build-access.js';
import { FieldsInvalid, parse } from '../http/parse.js';
import { LOG_FOLLOWER, READ_MODEL, type LogFollower } from '../ports.js';
import { secondsOf, readLines, type NumberedLine } from './log-lines.js';
import { openEventStream } from './event-stream.js';

/** Unix seconds. */
const Seconds = z.coerce
  .number()
  .int()
  .nonnegative()
  .max(Number.MAX_SAFE_INTEGER / 1_000);
const RangeQuery = z.object({
  start_time: Seconds.optional().describe('Unix seconds; no lines before it.'),
  end_time: Seconds.optional().describe('Unix seconds; no lines after it.'),
});
type RangeQuery = z.infer<typeof RangeQuery>;

const LineNumber = z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).default(0);
const ResumeQuery = z.object({
  last_event_id: LineNumber.describe('As the header `Last-Event-ID`, for those that cannot send one.'),
});
type ResumeQuery = z.infer<typeof ResumeQuery>;

@Controller('v1/builds/:build_id/logs')
export class LogController {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(LOG_FOLLOWER) private readonly follower: LogFollower,
  ) {}

  /** What has been logged so far, as JSON or (by `Accept`) as text. Streamed: a log need not fit in memory. */
  @Get()
  @Describe({
    section: 'logs',
    summary: 'Read what a build has logged so far',
    details: 'As JSON, or as text with `Accept: text/plain`. In order and complete.',
    who: 'reader',
    answers: { 200: { 'application/json': z.array(LogLineView), 'text/plain': z.string() } },
  })
  @AllowAnonymous()
  async read(
    @Param('build_id', BuildIdParam) buildId: BuildId,
    @Query(parse(RangeQuery)) { start_time: startTime, end_time: endTime }: RangeQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await visibleBuild(this.readModel, request.caller, buildId);
    const { logs } = this.readModel;
    const toLine = await logs.totalLines(buildId);
    const lines = readLines(logs, buildId, { fromLine: 1, toLine, startTime, endTime });
    const format = wantsText(request.headers.accept) ? TEXT : JSON_ARRAY;
    const body = Readable.from(printed(lines, format), { objectMode: false });
    void reply.type(format.type).send(body);
  }

  /** Server-Sent Events: what has been logged, then what is being logged, until the build is over. */
  @Get('stream')
  @Describe({
    section: 'logs',
    summary: 'Follow the log of a build',
    details:
      'Server-Sent Events: what has been logged, then what is being logged. An event without a name is a line, and its ' +
      '`id` is the number of the line; `status` comes whenever a progress bar would move; `end` is the last one.',
    who: 'reader',
    answers: { 200: { 'text/event-stream': FollowedEvent } },
    headers: z.object({ 'Last-Event-ID': LineNumber.describe('The last line that the client has.') }),
  })
  @AllowAnonymous()
  async stream(
    @Param('build_id', BuildIdParam) buildId: BuildId,
    @Query(parse(ResumeQuery)) { last_event_id }: ResumeQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const header = lastEventIdOf(request);
    await visibleBuild(this.readModel, request.caller, buildId);
    const events = openEventStream(reply, request.id);
    // A browser that reconnects repeats the query it began with, so the larger of the two is where it stands.
    await this.follower.follow(buildId, { afterLine: Math.max(last_event_id, header), events });
  }
}

/** @throws FIELD_INVALID */
function lastEventIdOf({ headers }: FastifyRequest): number {
  const parsed = LineNumber.safeParse(headers['last-event-id']);
  if (parsed.success) return parsed.data;
  throw new FieldsInvalid([{ source: 'Last-Event-ID', message: 'must be the number of a line' }]);
}

interface Format {
  readonly type: string;
  readonly open: string;
  readonly separator: string;
  readonly close: string;
  readonly line: (line: NumberedLine) => string;
}

const JSON_ARRAY: Format = {
  type: 'application/json; charset=utf-8',
  open: '[',
  separator: ',\n',
  close: ']\n',
  line: ({ message, level, time }) => JSON.stringify({ message, level, time: secondsOf(time) }),
};

const TEXT: Format = {
  type: 'text/plain; charset=utf-8',
  open: '',
  separator: '',
  close: '',
  line: ({ message }) => `${message}\n`,
};

const wantsText = (accept = ''): boolean => accept.includes('text/plain') && !accept.includes('application/json');

async function* printed(chunks: AsyncIterable<readonly NumberedLine[]>, format: Format): AsyncGenerator<string> {
  let before = format.open;
  for await (const lines of chunks) {
    yield before + lines.map(format.line).join(format.separator);
    before = format.separator;
  }
  const rest = before === format.open ? format.open + format.close : format.close;
  if (rest !== '') yield rest;
}
