import { StringDecoder } from 'node:string_decoder';

/** One message of `/build` and `/images/…/push`. */
export interface EngineMessage {
  readonly id?: string;
  readonly stream?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number; readonly message?: string };
  /** A trace in base64, an image id or a push result, by `id`. */
  readonly aux?: unknown;
}

/**
 * The engine's JSON lines, one at a time; nothing is kept. A chunk may end inside a line and inside a character.
 * @throws SyntaxError on what is no JSON: the connection broke or this is no engine
 */
export async function* engineMessages(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<EngineMessage> {
  const decoder = new StringDecoder('utf8');
  let pieces: string[] = []; // of a line that has not ended: joined once, or a large trace would cost quadratic time
  for await (const chunk of chunks) {
    const parts = decoder.write(chunk as Buffer).split('\n');
    const last = parts.pop()!;
    for (const part of parts) {
      const line = [...pieces, part].join('');
      pieces = [];
      if (line.trim() !== '') yield JSON.parse(line) as EngineMessage;
    }
    if (last !== '') pieces.push(last);
  }
  const rest = pieces.join('') + decoder.end();
  if (rest.trim() !== '') yield JSON.parse(rest) as EngineMessage;
}
