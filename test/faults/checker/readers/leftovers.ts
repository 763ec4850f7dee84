import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats, STREAMS } from '@slipway/messaging';
import type Docker from 'dockerode';
import type { Leftover } from '../history.js';

/** Workspaces and reports of every agent; `directory` holds one directory an agent. */
export function leftWithAgents(directory: string): readonly Leftover[] {
  return entriesOf(directory).flatMap((agent) => [
    ...entriesOf(join(directory, agent, 'workspaces')).map(
      (name) => ({ kind: 'workspace', where: agent, name }) as const,
    ),
    ...entriesOf(join(directory, agent, 'reports')).map((name) => ({ kind: 'report', where: agent, name }) as const),
  ]);
}

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
