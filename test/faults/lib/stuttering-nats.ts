import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { DelayedLane } from './delayed-lane.js';
import { deliveryOf, FrameReader, frameBytes, publishedTo, withBody, type Frame } from './nats-frames.js';
import type { Random } from './random.js';

/** What it did, so that a scenario can tell that it did something. */
export interface StutterCount {
  published: number; // twice, by whoever publishes
  delivered: number; // twice, to whoever has it
  redelivered: number; // by JetStream, since its first acknowledgement was turned into a refusal
}

/** A nats-server as the worst network shows it that still keeps its connections. */
export interface StutteringNats {
  readonly url: string;
  readonly count: Readonly<StutterCount>;
  readonly close: () => Promise<void>;
}

/** At most so late, ms: a message, its copy, and what JetStream delivers again. */
const LATE_MS = 30;
const COPY_MS = 300;
const AGAIN_MS = 200;
/** What the server itself is asked and answers: a second request for a job is a wish for a second job. */
const OF_THE_SERVER = /^(?:\$JS\.|_INBOX\.)/;
const ACK = '$JS.ACK.';

/**
 * Everything is published twice, delivered twice, and by JetStream once more after its acknowledgement. Messages are
 * late, each by as much as it happens; messages of one subscription keep their order where the server promises one (from
 * JetStream, and in answers), but copies come after later ones, and subscriptions overtake each other.
 */
export async function startStutteringNats(target: number, random: Random): Promise<StutteringNats> {
  const count: StutterCount = { published: 0, delivered: 0, redelivered: 0 };
  const refused = new Set<string>();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const server = createServer((client) => {
    const upstream = createConnection({ port: target, host: '127.0.0.1' });
    keep(client, upstream);
    keep(upstream, client);
    const [asked, answered] = [new FrameReader(), new FrameReader()];
    const toServer = publisher({ random, count, refused, send: sendTo(upstream) });
    const toClient = deliverer({ random, count, send: sendTo(client) });
    client.on('data', (piece: Buffer) => asked.read(piece).forEach(toServer));
    upstream.on('data', (piece: Buffer) => answered.read(piece).forEach(toClient));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}

const sendTo =
  (socket: Socket) =>
  (frame: Frame): void =>
    void (socket.writable && socket.write(frameBytes(frame)));

interface Stutter {
  readonly random: Random;
  readonly count: StutterCount;
  readonly send: (frame: Frame) => void;
}

/** From a client: in its order, and what is not for the server itself once more. */
function publisher({ random, count, refused, send }: Stutter & { readonly refused: Set<string> }) {
  return (frame: Frame): void => {
    const subject = publishedTo(frame);
    if (subject?.startsWith(ACK)) return send(firstRefused(frame, subject));
    send(frame);
    if (subject === undefined || OF_THE_SERVER.test(subject)) return;
    count.published += 1;
    setTimeout(send, random.between(0, COPY_MS), frame);
  };

  /** `$JS.ACK.<stream>.<consumer>.<delivered>.<sequence>.…` */
  function firstRefused(frame: Frame, subject: string): Frame {
    const [, , stream, consumer, , sequence] = subject.split('.');
    const message = [stream, consumer, sequence].join('.');
    const body = frame.payload?.toString() ?? '';
    if (refused.has(message) || (body !== '' && body !== '+ACK')) return frame;
    refused.add(message);
    count.redelivered += 1;
    return withBody(frame, `-NAK {"delay": ${random.between(0, AGAIN_MS) * 1_000_000}}`);
  }
}

/** To a client. */
function deliverer({ random, count, send }: Stutter) {
  const lanes = new Map<string, DelayedLane<Frame>>();
  const laneOf = (sid: string): DelayedLane<Frame> => {
    const lane = lanes.get(sid) ?? new DelayedLane(send);
    lanes.set(sid, lane);
    return lane;
  };
  return (frame: Frame): void => {
    const delivery = deliveryOf(frame);
    if (!delivery) return send(frame);
    const { subject, sid, reply } = delivery;
    const lateMs = random.between(0, LATE_MS);
    const isOfJetStream = reply?.startsWith(ACK) ?? false;
    if (isOfJetStream || OF_THE_SERVER.test(subject)) laneOf(sid).put(frame, lateMs);
    else setTimeout(send, lateMs, frame);
    if (!isOfJetStream && OF_THE_SERVER.test(subject)) return;
    count.delivered += 1;
    setTimeout(send, lateMs + random.between(1, COPY_MS), frame);
  };
}
