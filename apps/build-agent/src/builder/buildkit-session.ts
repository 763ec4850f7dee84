import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall, status } from '@grpc/grpc-js';
import type Docker from 'dockerode';
import type { BuildSecrets, RegistryCredentials } from './builder.js';
import { unaryMethod } from './buildkit-protocol.js';
import { loginFor } from './registry-host.js';

/**
 * What BuildKit may ask of the agent during one build: a gRPC server on a hijacked connection to the engine.
 * dockerode has one too, but gives its one credential to any registry that a Dockerfile names, and lacks the health
 * service, without which the engine drops the session after a second.
 */
export interface Session {
  /** Goes into the build request. */
  readonly id: string;
  close(): Promise<void>;
}

/** Told of every question for credentials: the host, and whether there was an answer. */
export type CredentialsAsked = (host: string, isKnown: boolean) => void;

/** What a build may ask for. */
export interface SessionContent {
  readonly credentials?: RegistryCredentials | undefined;
  readonly secrets?: BuildSecrets | undefined;
}

const CREDENTIALS = '/moby.filesync.v1.Auth/Credentials';
const GET_SECRET = '/moby.buildkit.secrets.v1.Secrets/GetSecret';

/**
 * The services of a session. The ssh agent (`/moby.sshforward.v1.SSH/*`) has its place here: a method served must also be
 * announced in `METHODS`.
 */
const AUTH = { Credentials: unaryMethod(CREDENTIALS, 'CredentialsRequest', 'CredentialsResponse') };
const SECRETS = { GetSecret: unaryMethod(GET_SECRET, 'GetSecretRequest', 'GetSecretResponse') };
const HEALTH = { Check: unaryMethod('/grpc.health.v1.Health/Check', 'HealthCheckRequest', 'HealthCheckResponse') };
const METHODS = [CREDENTIALS, GET_SECRET];
const SERVING = 1;

export async function openSession(
  docker: Docker,
  { credentials = new Map(), secrets = new Map() }: SessionContent,
  onAsked: CredentialsAsked = () => {},
): Promise<Session> {
  const id = randomUUID();
  const socket = await hijack(docker, id);
  socket.on('error', () => socket.destroy()); // the build's own stream tells that the engine is gone
  const server = new Server();
  server.addService(AUTH, { Credentials: answerCredentials(credentials, onAsked) });
  server.addService(SECRETS, { GetSecret: answerSecret(secrets) });
  server.addService(HEALTH, {
    Check: (_call: ServerUnaryCall<object, object>, answer: sendUnaryData<object>) => answer(null, { status: SERVING }),
  });
  server.createConnectionInjector(ServerCredentials.createInsecure()).injectConnection(socket);
  // Node reads what the socket had buffered on the next tick, and throws out of reach when it was closed before.
  await nextTurn();
  return {
    id,
    close: async () => {
      server.forceShutdown();
      socket.destroy();
    },
  };
}

/** An empty answer means "anonymous". A host that is not ours gets nothing else, whatever it is called. */
const answerCredentials =
  (credentials: RegistryCredentials, onAsked: CredentialsAsked) =>
  ({ request }: ServerUnaryCall<{ Host?: string }, object>, answer: sendUnaryData<object>): void => {
    const host = request.Host ?? '';
    const login = loginFor(credentials, host);
    onAsked(host, login !== undefined);
    answer(null, login ? { Username: login.username, Secret: login.password.reveal() } : {});
  };

/** Goes into a file system in memory that only this step sees. A step may ask for one that it can do without. */
const answerSecret =
  (secrets: BuildSecrets) =>
  ({ request }: ServerUnaryCall<{ ID?: string }, object>, answer: sendUnaryData<object>): void => {
    const name = request.ID ?? '';
    const secret = secrets.get(name);
    if (secret) answer(null, { data: Buffer.from(secret.reveal()) });
    else answer({ code: status.NOT_FOUND, details: `there is no secret ${name}` });
  };

function hijack(docker: Docker, id: string): Promise<Duplex> {
  const headers = {
    Upgrade: 'h2c',
    'X-Docker-Expose-Session-Uuid': id,
    'X-Docker-Expose-Session-Name': 'slipway-build-agent',
    'X-Docker-Expose-Session-Sharedkey': '',
    'X-Docker-Expose-Session-Grpc-Method': METHODS,
  };
  const statusCodes = { 101: true, 200: true, 404: 'no sessions', 500: 'server error' };
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      { method: 'POST', path: '/session', hijack: true, headers, statusCodes },
      (error: unknown, socket: unknown) => (error ? reject(error as Error) : resolve(socket as Duplex)),
    );
  });
}
