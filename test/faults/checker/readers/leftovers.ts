import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats, STREAMS } from '@slipway/messaging';
import type Docker from 'dockerode';
import type { Leftover } from '../history.js';

/** Workspaces and reports in an agent's directory. */
export const leftWithAgent = (directory: string): readonly Leftover[] =>
  (['workspace', 'report'] as const).flatMap((kind) =>
    entriesOf(join(directory, `${kind}s`)).map((name) => ({ kind, where: basename(directory), name })),
  );

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Jobs in the queue: a lease hangs on each. */
export async function leftInQueue(natsUrl: string): Promise<readonly Leftover[]> {
  const nats = await connectNats({ url: natsUrl, name: 'checker' });
  try {
    const manager = await jetstreamManager(nats);
    const { state } = await manager.streams.info(STREAMS.queue, { subjects_filter: '>' });
    return Object.keys(state.subjects ?? {}).map((name) => ({ kind: 'job', where: STREAMS.queue, name }));
  } finally {
    await nats.close();
  }
}

/** Only what carries the name of one of these builds: others may use the same engine. */
export async function leftInEngine(docker: Docker, buildIds: readonly string[]): Promise<readonly Leftover[]> {
  const isOurs = (name: string): boolean => buildIds.some((buildId) => name.includes(buildId));
  const [containers, images] = await Promise.all([docker.listContainers({ all: true }), docker.listImages()]);
  const where = 'the engine';
  return [
    ...containers
      .filter(({ Image, Names, Labels }) => [Image, ...Names, ...Object.values(Labels)].some(isOurs))
      .map(({ Id: name }) => ({ kind: 'container', where, name }) as const),
    ...images
      .flatMap(({ RepoTags }) => RepoTags ?? [])
      .filter(isOurs)
      .map((name) => ({ kind: 'image', where, name }) as const),
  ];
}
