import protobuf from 'protobufjs';

/**
 * The part of BuildKit's protocol that is used here; field numbers are the protocol.
 * Source: github.com/moby/buildkit, api/services/control/control.proto, session/auth/auth.proto and
 * session/secrets/secrets.proto.
 */
const PROTO = `
  syntax = "proto3";

  message StatusResponse {
    repeated Vertex vertexes = 1;
    repeated VertexStatus statuses = 2;
    repeated VertexLog logs = 3;
    repeated VertexWarning warnings = 4;
  }
  message Vertex {
    string digest = 1;
    string name = 3;
    bool cached = 4;
    Timestamp started = 5;
    Timestamp completed = 6;
    string error = 7;
  }
  message VertexStatus { string ID = 1; string vertex = 2; }
  message VertexLog { string vertex = 1; int64 stream = 3; bytes msg = 4; }
  message VertexWarning { string vertex = 1; bytes short = 3; string url = 5; }
  message Timestamp { int64 seconds = 1; int32 nanos = 2; }

  message CredentialsRequest { string Host = 1; }
  message CredentialsResponse { string Username = 1; string Secret = 2; }
  message GetSecretRequest { string ID = 1; map<string, string> annotations = 2; }
  message GetSecretResponse { bytes data = 1; }
  message HealthCheckRequest { string service = 1; }
  message HealthCheckResponse { int32 status = 1; }
`;

const { root } = protobuf.parse(PROTO, { keepCase: true });

export interface Timestamp {
  readonly seconds: number | { toNumber(): number };
  readonly nanos: number;
}

/** proto3: an absent text is empty, an absent message is null. */
export interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  readonly started: Timestamp | null;
  readonly completed: Timestamp | null;
  readonly error: string;
}

export interface StatusResponse {
  readonly vertexes: readonly Vertex[];
  readonly statuses: readonly { readonly vertex: string }[];
  /** `stream`: 1 = stdout, 2 = stderr. */
  readonly logs: readonly { readonly vertex: string; readonly stream: unknown; readonly msg: Uint8Array }[];
  readonly warnings: readonly { readonly short: Uint8Array; readonly url: string }[];
}

const status = root.lookupType('StatusResponse');

/** @param trace base64, as `aux` of an engine message with the id `moby.buildkit.trace` */
export const decodeTrace = (trace: string): StatusResponse =>
  status.decode(Buffer.from(trace, 'base64')) as unknown as StatusResponse;

/** The reverse, for specs. */
export const encodeTrace = (response: object): string =>
  Buffer.from(status.encode(status.fromObject(response)).finish()).toString('base64');

/** Milliseconds since 1970, with fractions. */
export const toMilliseconds = ({ seconds, nanos }: Timestamp): number =>
  (typeof seconds === 'number' ? seconds : seconds.toNumber()) * 1_000 + nanos / 1e6;

/** A gRPC method of one request and one answer, ready for grpc-js. */
export const unaryMethod = (path: string, request: string, response: string) => {
  const requestType = root.lookupType(request);
  const responseType = root.lookupType(response);
  const encode = (type: protobuf.Type) => (value: object) => Buffer.from(type.encode(type.fromObject(value)).finish());
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: encode(requestType),
    requestDeserialize: (bytes: Buffer): object => requestType.decode(bytes),
    responseSerialize: encode(responseType),
    responseDeserialize: (bytes: Buffer): object => responseType.decode(bytes),
  } as const;
};
