import { basicAuthorization } from '@slipway/platform';
import { connectEngine } from '../builder/engine.js';
import type { AgentConfig } from '../config.js';
import type { Needed, Ping } from './answer-watch.js';

/** The container engine. */
export const engineAt = (dockerHost: string): Needed => ({
  reason: 'engine',
  name: 'the container engine',
  ping: pingOf(dockerHost),
  fromTheStart: true,
});

function pingOf(dockerHost: string): Ping {
  const docker = connectEngine(dockerHost);
  // Its types know no options.
  return (abortSignal) => docker.ping({ abortSignal } as never) as unknown as Promise<unknown>;
}

const BROKEN = 500;

/**
 * The registry that images are pushed to. The engine pushes, and it may be elsewhere: a registry that has never answered
 * from here says nothing. One that refuses has answered.
 */
export const registryAt = ({ origin, login }: AgentConfig['REGISTRY_URL']): Needed => ({
  reason: 'registry',
  name: 'the image registry',
  ping: async (signal) => {
    const headers = new Headers(); // without the login a gate does not ask the registry
    if (login) headers.set('authorization', basicAuthorization(login.username, login.password.reveal()));
    const answer = await fetch(`${origin}/v2/`, { signal, redirect: 'manual', headers });
    await answer.body?.cancel();
    if (answer.status >= BROKEN) throw new Error(`answered with ${answer.status}`);
  },
  fromTheStart: false,
});
