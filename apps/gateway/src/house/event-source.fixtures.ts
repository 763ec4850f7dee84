import { EventSourceParserStream } from 'eventsource-parser/stream';

export interface ReceivedLine {
  readonly line: number;
  readonly message: string;
  readonly level: string;
  readonly time: number;
}

export interface Received {
  readonly response: Response;
  readonly lines: ReceivedLine[];
  readonly ids: string[];
  readonly statuses: Record<string, unknown>[];
  /** Of the `end` event. */
  end: Record<string, unknown> | undefined;
  /** Resolves when the server ended the stream, or the client hung up. */
  readonly done: Promise<void>;
  readonly hangUp: () => void;
}

/** Follows a stream of events and keeps what it said. */
export async function follow(url: string, headers: Readonly<Record<string, string>>): Promise<Received> {
  const hungUp = new AbortController();
  const response = await fetch(url, { headers, signal: hungUp.signal });
  const received: Omit<Received, 'done'> = {
    response,
    lines: [],
    ids: [],
    statuses: [],
    end: undefined,
    hangUp: () => hungUp.abort(),
  };
  return Object.assign(received, { done: readInto(received, response, hungUp.signal) });
}

async function readInto(received: Omit<Received, 'done'>, response: Response, hungUp: AbortSignal): Promise<void> {
  const events = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  try {
    for await (const { event = 'message', id, data } of events ?? []) {
      const said = JSON.parse(data) as Record<string, unknown>;
      if (event === 'message') {
        received.lines.push(said as unknown as ReceivedLine);
        received.ids.push(id ?? '');
      } else if (event === 'status') received.statuses.push(said);
      else if (event === 'end') received.end = said;
      else throw new Error(`unknown event ${event}`);
    }
  } catch (error) {
    if (!hungUp.aborted) throw error;
  }
}
