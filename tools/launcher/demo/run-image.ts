import type Docker from 'dockerode';
import { Problem } from '../problem.js';
import { becomesTrue } from '../process/wait.js';
import { pullImage } from './base-image.js';
import { SERVER_PORT } from './sample.js';

/** What the image's server answered. */
export interface Answer {
  readonly url: string;
  readonly status: string; // `200 OK`
  readonly body: string;
}

export interface RunOptions {
  readonly reference: string;
  readonly name: string; // of the container
  /** The image must be this one. */
  readonly digest: string;
  readonly authconfig?: Docker.AuthConfig;
  readonly signal: AbortSignal;
}

const ANSWER_LIMIT_MS = 15_000;
const TRY_LIMIT_MS = 1_000;
const INNER_PORT = `${SERVER_PORT}/tcp`;

/** Pulls the image, runs it, asks its server once, and removes the container. @throws Problem */
export async function runImage(docker: Docker, options: RunOptions): Promise<Answer> {
  try {
    return await pullAndRun(docker, options);
  } catch (error) {
    if (error instanceof Problem || !(error instanceof Error)) throw error;
    throw new Problem(`the engine could not run ${options.reference}: ${error.message}`);
  }
}

async function pullAndRun(docker: Docker, options: RunOptions): Promise<Answer> {
  const { reference, name, digest, signal } = options;
  await pullImage(docker, reference, options);
  const { RepoDigests } = await docker.getImage(reference).inspect();
  if (!RepoDigests.some((repoDigest) => repoDigest.endsWith(`@${digest}`)))
    throw new Problem(`${reference} is ${RepoDigests.join(', ')} in the registry, but the build reported ${digest}.`);
  const container = await docker.createContainer({
    name,
    Image: reference,
    ExposedPorts: { [INNER_PORT]: {} },
    HostConfig: { AutoRemove: true, PortBindings: { [INNER_PORT]: [{ HostIp: '127.0.0.1', HostPort: '' }] } },
    abortSignal: signal,
  });
  try {
    await container.start({ abortSignal: signal });
    return await answerOf(container, signal);
  } finally {
    await container.remove({ force: true }).catch(() => {}); // it has ended by itself: the answer says how
  }
}

/** By the mapped port; by the container's own address where the engine maps none. */
async function answerOf(container: Docker.Container, signal: AbortSignal): Promise<Answer> {
  let answer: Answer | undefined;
  const answers = async (): Promise<boolean> => {
    signal.throwIfAborted();
    const { Ports, Networks } = (await container.inspect()).NetworkSettings;
    const port = Ports[INNER_PORT]?.[0]?.HostPort;
    if (port) answer = await ask(`http://127.0.0.1:${port}/`, signal);
    for (const { IPAddress } of Object.values(Networks))
      if (IPAddress) answer ??= await ask(`http://${IPAddress}:${SERVER_PORT}/`, signal);
    return answer !== undefined;
  };
  if ((await becomesTrue(answers, { limitMs: ANSWER_LIMIT_MS, everyMs: 50 })) && answer) return answer;
  const output = String(await container.logs({ stdout: true, stderr: true, tail: 10 }));
  throw new Problem(`the image's server did not answer within ${ANSWER_LIMIT_MS / 1_000} s:\n${output}`);
}

/** `undefined`: not yet, or not there. */
async function ask(url: string, signal: AbortSignal): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TRY_LIMIT_MS)]) });
    return { url, status: `${response.status} ${response.statusText}`, body: (await response.text()).trimEnd() };
  } catch {
    return undefined;
  }
}
