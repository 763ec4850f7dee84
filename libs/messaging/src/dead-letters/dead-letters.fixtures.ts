import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { jetstream, type JsMsg } from '@nats-io/jetstream';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { partitionOf, subjects } from '@slipway/contracts';
import { consumeLane, type Lane } from '../consume.js';
import { consumers, STREAMS } from '../topology.js';

/** A build id of the given lane. */
export function buildIn(partition: number): string {
  for (;;) {
    const buildId = randomUUID();
    if (partitionOf(buildId) === partition) return buildId;
  }
}

/** As an agent would, whatever it is. */
export async function say(
  nats: NatsConnection,
  subject: string,
  body: string | Uint8Array,
  headers?: MsgHdrs,
): Promise<void> {
  await jetstream(nats).publish(subject, body, headers ? { headers } : {});
}

export const reportOf = (buildId: string): string => subjects.event(buildId, 'x');

/** Works off one lane of reports. Answers what became of it, and how to stop. */
export function working(
  nats: NatsConnection,
  partition: number,
  handle: (text: string, message: JsMsg) => Promise<void>,
  rest: Partial<Lane> = {},
) {
  const abort = new AbortController();
  const errors: unknown[] = [];
  const dead: string[] = [];
  const lane: Lane = {
    stream: STREAMS.events,
    consumer: consumers.reports(partition),
    handle: (message) => handle(message.string(), message),
    onError: (error) => void errors.push(error),
    dependencies: () => Promise.resolve(),
    onDeadLetter: async (message) => void dead.push(message.string()),
    ...rest,
  };
  const done = consumeLane(nats, lane, abort.signal);
  const stop = async (): Promise<void> => {
    abort.abort();
    await done;
  };
  return { errors, dead, stop };
}

/** Speaks the protocol without a client that looks at what is sent. Answers everything the server said until it hung up. */
export async function speakRaw(url: string, words: readonly (string | Uint8Array)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket: Socket = createConnection({ host: hostname, port: Number(port) });
  let said = '';
  socket.on('data', (data) => (said += data.toString()));
  socket.on('error', () => {}); // the server may hang up in the middle of a word
  await once(socket, 'connect');
  for (const word of ['CONNECT {"verbose":false,"headers":true}\r\n', ...words, 'PING\r\n']) socket.write(word);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.on('data', () => said.includes('PONG') && socket.end());
  });
  return said;
}
