import { FollowedEnd, FollowedLine, FollowedStatus } from '@slipway/contracts';
import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import { z } from 'zod';

/** One event of a followed log, as `docs/adr/0007` describes them. */
export type SentEvent =
  | {
      readonly kind: 'line';
      readonly id: number;
      readonly message: string;
      readonly level: string;
      readonly time: number;
    }
  | { readonly kind: 'status'; readonly status: string; readonly state: string }
  | { readonly kind: 'end'; readonly status: string; readonly totalLines: number };

/** As the document of the API says, and nothing more. */
const Line = z.strictObject(FollowedLine.shape);
const Status = z.strictObject(FollowedStatus.shape);
const End = z.strictObject(FollowedEnd.shape);

/** The connection is closed when the caller stops reading. */
export async function* readEvents(response: Response): AsyncGenerator<SentEvent, void, undefined> {
  if (!response.body) throw new Error('an answer without a body');
  const messages = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const message of messages) yield sentEvent(message);
}

function sentEvent({ id, event, data }: EventSourceMessage): SentEvent {
  const content: unknown = JSON.parse(data);
  if (event === 'status') return { kind: 'status', ...Status.parse(content) };
  if (event === 'end') {
    const { status, total_lines: totalLines } = End.parse(content);
    return { kind: 'end', status, totalLines };
  }
  const { line, message, level, time } = Line.parse(content);
  if (id !== String(line)) throw new Error(`line ${line} has the id ${id}`);
  return { kind: 'line', id: line, message, level, time };
}
