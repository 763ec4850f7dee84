import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import {
  Server,
  ServerCredentials,
  type Metadata,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import type { LiveTail } from '../live/live-tail.js';
import type { EventStore } from '../store/event-store.js';
import { append } from './write/append.js';
import { BatchAppendCall } from './write/batch-append.js';
import { authenticator, type UserCredentials } from './credentials.js';
import { deleteStream, tombstoneStream } from './write/delete.js';
import { rpcErrorOf, shuttingDown } from './errors.js';
import { supportedMethods } from './features.js';
import { clusterInfo } from './gossip.js';
import { readRequest } from './read/read-request.js';
import { read } from './read/read.js';
import { ResponseStream, type ReadCall } from './read/response-stream.js';
import { GossipService, ServerFeaturesService, StreamsService } from './stubs.js';
import { subscribe } from './read/subscription.js';

/** As EventStoreDB: the client may send 3 MiB and one event in a message. */
const MAX_REQUEST_BYTES = 17 * 1024 * 1024;
/** How long open connections may take to close before they are cut, ms. */
const SHUTDOWN_GRACE_MS = 3_000;

export interface RpcServerOptions {
  readonly store: EventStore;
  readonly tail: LiveTail;
  readonly host: string;
  readonly port: number; // 0 = a free one
  readonly tls?: { readonly certificate: Buffer; readonly key: Buffer } | undefined;
  readonly user?: UserCredentials | undefined;
}

export interface RpcServer {
  readonly port: number;
  /** How many calls are open that last until one side ends them. */
  readonly openCalls: () => number;
  /** Answers what is being written, tells every client to connect anew, and closes. */
  readonly stop: () => Promise<void>;
}

/** Serves EventStoreDB's protocol. What is not registered here is answered UNIMPLEMENTED by gRPC. */
export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const { host, port, tls } = options;
  const calls = new OpenCalls();
  const server = new Server({
    'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
    'grpc.max_send_message_length': -1,
  });
  addServices(server, options, calls);
  const credentials = tls
    ? ServerCredentials.createSsl(null, [{ cert_chain: tls.certificate, private_key: tls.key }])
    : ServerCredentials.createInsecure();
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host.includes(':') ? `[${host}]` : host}:${port}`, credentials, (error, boundPort) =>
      error ? reject(error) : resolve(boundPort),
    );
  });
  return { port: bound, openCalls: () => calls.size, stop: () => stop(server, calls) };
}

/** Calls that go on until one side ends them, and whether new ones are still taken. */
class OpenCalls {
  readonly #stops = new Set<() => void>();
  #isStopping = false;

  get size(): number {
    return this.#stops.size;
  }

  /** @throws RpcError when the server is stopping */
  assertAccepting(): void {
    if (this.#isStopping) throw shuttingDown();
  }

  /** Returns what to call when the call is over. */
  add(stopCall: () => void): () => void {
    this.#stops.add(stopCall);
    return () => this.#stops.delete(stopCall);
  }

  stopAll(): void {
    this.#isStopping = true;
    for (const stopCall of this.#stops) stopCall();
  }
}

function addServices(server: Server, options: RpcServerOptions, calls: OpenCalls): void {
  const { store, tail, user } = options;
  const authenticate = authenticator(user);
  const admit = ({ metadata }: { metadata: Metadata }): void => {
    calls.assertAccepting();
    authenticate(metadata);
  };
  const streamsService = {
    ...StreamsService,
    read: { ...StreamsService.read, responseSerialize: (bytes: Buffer) => bytes },
  };
  server.addService(streamsService, {
    append: answering(admit, (call: Parameters<typeof append>[1]) => append(store, call)),
    delete: answering(admit, (call: Parameters<typeof deleteStream>[1]) => deleteStream(store, call)),
    tombstone: answering(admit, (call: Parameters<typeof tombstoneStream>[1]) => tombstoneStream(store, call)),
    batchAppend: (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>) => {
      if (!isAdmitted(call, admit)) return;
      let remove = (): void => {};
      const batch = new BatchAppendCall(store, call, () => remove());
      remove = calls.add(() => batch.stop());
    },
    read: (call: ReadCall) => {
      if (isAdmitted(call, admit)) void serveRead({ store, tail }, call, calls);
    },
  });
  // The client asks these two without credentials; they say nothing about what is stored.
  const open = (): void => calls.assertAccepting();
  server.addService(ServerFeaturesService, {
    getSupportedMethods: answering(open, (_call: AnyUnaryCall) => supportedMethods()),
  });
  server.addService(GossipService, {
    read: answering(open, (call: AnyUnaryCall) => clusterInfo(call.getHost())),
  });
}

type AnyUnaryCall = ServerUnaryCall<unknown, unknown>;

type Admit = (call: { readonly metadata: Metadata }) => void;

function answering<Call extends object, Answer>(
  admit: Admit,
  handle: (call: Call) => Answer | Promise<Answer>,
): (call: Call & { metadata: Metadata }, callback: sendUnaryData<Answer>) => void {
  return (call, callback) => {
    Promise.resolve()
      .then(() => {
        admit(call);
        return handle(call);
      })
      .then(
        (answer) => callback(null, answer),
        (error: unknown) => callback(rpcErrorOf(error)),
      );
  };
}

interface StreamingCall {
  readonly metadata: Metadata;
  emit(event: 'error', error: Error): boolean;
}

function isAdmitted(call: StreamingCall, admit: Admit): boolean {
  try {
    admit(call);
    return true;
  } catch (error) {
    call.emit('error', rpcErrorOf(error));
    return false;
  }
}

async function serveRead(
  source: { store: EventStore; tail: LiveTail },
  call: ReadCall,
  calls: OpenCalls,
): Promise<void> {
  const out = new ResponseStream(call);
  const fail = (error: unknown): void => {
    if (!out.isClosed) call.emit('error', rpcErrorOf(error));
  };
  out.onClose(calls.add(() => fail(shuttingDown())));
  try {
    const request = readRequest(call.request);
    if (request.count === 'subscription') await subscribe(source, request, out);
    else {
      await read(source.store, { ...request, count: request.count }, out);
      call.end();
    }
  } catch (error) {
    fail(error);
  }
}

async function stop(server: Server, calls: OpenCalls): Promise<void> {
  calls.stopAll();
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, SHUTDOWN_GRACE_MS);
    server.tryShutdown(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
