import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { BuildFailure } from './build-failure.js';
import type { PushedImage, PushEvents, PushRequest } from './builder.js';
import { classifyPushError, classifyRequestError } from './engine-error.js';
import { type EngineMessage, engineMessages } from './engine-messages.js';
import { authConfig, registryHost } from './registry-host.js';
import { untilAborted, Watchdog } from './watchdog.js';

/** A long push says how far it is this often. */
const PROGRESS_EVERY_MS = 10_000;

/** Pushes under way, by reference: an engine pushes by local name, which two builds must not move under each other. */
const pushing = new Map<string, Promise<unknown>>();

/** Pushes one tag; its local name is gone afterwards. One push at a time for a reference, in the order of the calls. */
export async function pushImage(
  docker: Docker,
  request: PushRequest,
  events: PushEvents,
  signal: AbortSignal,
): Promise<PushedImage> {
  const reference = `${request.repository}:${request.tag}`;
  const before = pushing.get(reference) ?? Promise.resolve();
  const mine = before.then(() => pushNamed(docker, request, events, signal));
  const settled = mine.catch(() => {});
  pushing.set(reference, settled);
  try {
    return await mine;
  } finally {
    if (pushing.get(reference) === settled) pushing.delete(reference);
  }
}

/** The engine answers 200 before it begins: errors and the digest come in the stream. */
async function pushNamed(
  docker: Docker,
  request: PushRequest,
  events: PushEvents,
  signal: AbortSignal,
): Promise<PushedImage> {
  const { repository, tag } = request;
  using watchdog = new Watchdog({ silenceMs: request.silenceTimeoutMs, silenceCode: 'REGISTRY_UNAVAILABLE' }, signal);
  const transport = new AbortController();
  try {
    await docker.getImage(request.image).tag({ repo: repository, tag });
    const authconfig = authConfig(request.credentials, registryHost(repository)) ?? {};
    const answer = docker.getImage(repository).push({ tag, authconfig, abortSignal: transport.signal });
    const stream = (await untilAborted(answer, watchdog.signal)) as Readable;
    const pushed = await followPush(engineMessages(stream), events, watchdog);
    await requireOwn(docker, request, pushed);
    return pushed;
  } catch (error) {
    watchdog.signal.throwIfAborted();
    throw classifyRequestError(error, 'PUSH_FAILED');
  } finally {
    transport.abort();
    const name = `${repository}:${tag}`;
    // Best effort: a name left behind costs nothing but its place, and must not hide how the push ended.
    if (name !== request.image)
      await docker
        .getImage(name)
        .remove({ noprune: true })
        .catch(() => {});
  }
}

/** Another process on the same engine may have moved the name between tag and push: then that image was pushed. */
async function requireOwn(
  docker: Docker,
  { image, repository, tag }: PushRequest,
  { digest }: PushedImage,
): Promise<void> {
  const { RepoDigests } = await docker.getImage(image).inspect();
  if (RepoDigests?.includes(`${repository}@${digest}`)) return;
  throw new BuildFailure('REGISTRY_UNAVAILABLE', `Another image took the name ${repository}:${tag} during the push.`);
}

async function followPush(
  messages: AsyncGenerator<EngineMessage>,
  events: PushEvents,
  watchdog: Watchdog,
): Promise<PushedImage> {
  const layers = new Map<string, LayerProgress>();
  let pushed: PushedImage | undefined;
  let saidAt = performance.now();
  for (;;) {
    const { done, value } = await untilAborted(messages.next(), watchdog.signal);
    if (done) break;
    watchdog.touch();
    if (value.error !== undefined) throw classifyPushError(value.errorDetail?.message ?? value.error);
    pushed = pushResult(value.aux) ?? pushed;
    if (value.status === undefined) continue;
    if (value.id !== undefined) noteLayer(layers, value);
    else await watchdog.pause(() => events.line(value.status!, 'INFO'));
    if (value.id === undefined || performance.now() - saidAt < PROGRESS_EVERY_MS) continue;
    saidAt = performance.now();
    await watchdog.pause(() => events.line(describe(layers), 'INFO'));
  }
  await watchdog.pause(() => events.line(describe(layers), 'INFO'));
  if (pushed) return pushed;
  throw new BuildFailure('REGISTRY_UNAVAILABLE', 'The push ended without a digest.');
}

interface LayerProgress {
  readonly status: string;
  readonly current: number;
}

function noteLayer(layers: Map<string, LayerProgress>, { id, status, progressDetail }: EngineMessage): void {
  const current = progressDetail?.current ?? layers.get(id!)?.current ?? 0;
  if (/^(Preparing|Waiting|Pushing|Pushed|Mounted|Layer already)/.test(status!))
    layers.set(id!, { status: status!, current });
}

function describe(layers: ReadonlyMap<string, LayerProgress>): string {
  const all = [...layers.values()];
  const count = (pattern: RegExp): number => all.filter(({ status }) => pattern.test(status)).length;
  const megabytes = all.reduce((sum, { current }) => sum + current, 0) / 1e6;
  const there = count(/^(Layer already|Mounted)/);
  return `${count(/^Pushed/)} of ${all.length - there} layers pushed (${megabytes.toFixed(1)} MB), ${there} already there`;
}

function pushResult(aux: unknown): PushedImage | undefined {
  const { Digest, Size } = (aux ?? {}) as { Digest?: string; Size?: number };
  return Digest === undefined ? undefined : { digest: Digest, size: Size ?? 0 };
}
