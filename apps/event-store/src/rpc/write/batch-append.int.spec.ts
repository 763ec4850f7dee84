import { randomUUID } from 'node:crypto';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { credentials, type ClientDuplexStream } from '@grpc/grpc-js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { ServerFixture, eventually } from '../server.fixtures.js';
import { shared, streamIdentifier, streams } from '../stubs.js';

const server = new ServerFixture();
let client: InstanceType<typeof streamsGrpc.StreamsClient>;
let call: ClientDuplexStream<BatchAppendReq, BatchAppendResp>;
let answers: { id: string; says: string }[];

beforeAll(async () => {
  await server.start();
  client = new streamsGrpc.StreamsClient(`127.0.0.1:${server.served.port}`, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await server.remove();
});
beforeEach(() => {
  answers = [];
  call = client.batchAppend();
  call.on('error', () => {});
  call.on('data', (answer: BatchAppendResp) => {
    const id = answer.getCorrelationId()?.getString() ?? '';
    answers.push({
      id,
      says: answer.getError()?.getMessage() ?? `revision ${answer.getSuccess()?.getCurrentRevision()}`,
    });
  });
});
afterEach(() => call.cancel());

interface Chunk {
  readonly id: string;
  readonly stream?: string; // with it the chunk carries the options
  readonly timeoutMs?: number;
  readonly isFinal?: boolean;
  readonly bytes?: number;
  readonly properties?: Readonly<Record<string, string>>;
}

const TYPED = { type: 'LogAppended', 'content-type': 'application/octet-stream' };

function send({ id, stream, timeoutMs = 5_000, isFinal = true, bytes = 10, properties = TYPED }: Chunk): void {
  const message = new streams.BatchAppendReq.ProposedMessage().setId(new shared.UUID().setString(randomUUID()));
  message.setData(new Uint8Array(bytes));
  for (const [key, value] of Object.entries(properties)) message.getMetadataMap().set(key, value);
  const request = new streams.BatchAppendReq().setCorrelationId(new shared.UUID().setString(id)).setIsFinal(isFinal);
  request.addProposedMessages(message);
  if (stream !== undefined) {
    const deadline = timestamp.Timestamp.fromDate(new Date(Date.now() + timeoutMs));
    const options = new streams.BatchAppendReq.Options().setStreamIdentifier(streamIdentifier(stream));
    request.setOptions(options.setDeadline(deadline).setAny(new empty.Empty()));
  }
  call.write(request);
}

/** Everything sent before has been dealt with when this one is answered. */
async function settle(): Promise<void> {
  const id = randomUUID();
  send({ id, stream: 'settled' });
  await eventually(() => answers.some((answer) => answer.id === id));
  answers = answers.filter((answer) => answer.id !== id);
}

describe('a batch append', () => {
  it('in several chunks is one append', async () => {
    const id = randomUUID();
    send({ id, stream: 'chunked', isFinal: false });
    send({ id, isFinal: false });
    send({ id });
    await settle();
    expect(answers).toEqual([{ id, says: 'revision 2' }]);
  });

  it('that is too large is answered once, whatever still comes of it', async () => {
    const id = randomUUID();
    send({ id, stream: 'large', isFinal: false, bytes: 600 * 1024 });
    send({ id, isFinal: false, bytes: 600 * 1024 });
    send({ id, bytes: 600 * 1024 });
    await settle();
    expect(answers).toEqual([{ id, says: 'MaximumAppendSizeExceeded' }]);
  });

  it('of 1 MiB exactly is taken', async () => {
    const id = randomUUID();
    send({ id, stream: 'full', bytes: 1024 * 1024 - 2 * TYPED.type.length });
    await settle();
    expect(answers).toEqual([{ id, says: 'revision 0' }]);
  });

  it('whose deadline has passed is not written', async () => {
    const id = randomUUID();
    send({ id, stream: 'late', timeoutMs: -1 });
    await settle();
    expect(answers).toEqual([{ id, says: 'Timeout' }]);
    send({ id: randomUUID(), stream: 'late' });
    await settle();
    expect(answers[1]?.says).toBe('revision 0');
  });

  it('that is never completed is answered at its deadline, once', async () => {
    const id = randomUUID();
    send({ id, stream: 'incomplete', timeoutMs: 50, isFinal: false });
    await eventually(() => answers.length > 0);
    send({ id });
    await settle();
    expect(answers).toEqual([{ id, says: 'Timeout' }]);
  });

  it.each([
    ['without a type', { 'content-type': 'application/json' }, "Required Metadata Property 'type' is missing"],
    ['without a content type', { type: 'X' }, "Required Metadata Property 'content-type' is missing"],
  ])('%s is refused once', async (_, properties, says) => {
    const id = randomUUID();
    send({ id, stream: 'bad', properties });
    send({ id });
    await settle();
    expect(answers).toEqual([{ id, says }]);
  });

  it.each(['', '$all', '$$'])('to the stream "%s" is refused', async (stream) => {
    const id = randomUUID();
    send({ id, stream });
    await settle();
    expect(answers).toEqual([{ id, says: `'${stream}' is not a stream that can be written to.` }]);
  });

  it('gets one answer however often its id is sent again while it is written', async () => {
    const ids = Array.from({ length: 50 }, () => randomUUID());
    for (const id of ids) {
      send({ id, stream: 'twice' });
      send({ id, stream: 'twice' });
    }
    await settle();
    expect(answers.map(({ id }) => id)).toEqual(ids);
  });

  it('is answered although the client has nothing more to ask', async () => {
    const ended = new Promise((resolve) => call.on('end', resolve));
    for (let index = 0; index < 20; index++) send({ id: randomUUID(), stream: 'last words' });
    call.end();
    await ended;
    expect(answers).toHaveLength(20);
  });

  it('leaves nothing behind when its call is cancelled', async () => {
    send({ id: randomUUID(), stream: 'cancelled', isFinal: false });
    await eventually(() => server.served.rpc.openCalls() === 1);
    call.cancel();
    await eventually(() => server.served.rpc.openCalls() === 0);
  });
});
