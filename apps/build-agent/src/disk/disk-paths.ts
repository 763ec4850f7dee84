import type Docker from 'dockerode';
import type { AgentConfig } from '../config.js';

/** What builds write to: workspaces, and what an engine on this machine keeps. */
export async function diskPaths(
  { AGENT_STATE_DIR, DOCKER_HOST }: Pick<AgentConfig, 'AGENT_STATE_DIR' | 'DOCKER_HOST'>,
  docker: Pick<Docker, 'info'>,
): Promise<readonly string[]> {
  if (!DOCKER_HOST.startsWith('unix:')) return [AGENT_STATE_DIR];
  const { DockerRootDir: root } = (await docker.info().catch(() => ({}))) as { DockerRootDir?: string };
  return root ? [AGENT_STATE_DIR, root] : [AGENT_STATE_DIR];
}
