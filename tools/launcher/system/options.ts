import type { App } from './bundle.js';

/** Ports of a system. */
export interface SystemPorts {
  readonly gateway: number;
  readonly nats: number;
  readonly eventStore: number;
  readonly registry: number;
}

export interface SystemOptions {
  /** Everything the system keeps: events, read models, keys, logs. An absolute path, made when missing. */
  readonly stateDir: string;
  /** Default: any free ones. Ports that were asked for and are taken are a Problem. */
  readonly ports?: SystemPorts;
  readonly agents?: number; // default 2
  /** How many of a service run beside each other; the others are called `<service>-2` and so on. Default: one of each. */
  readonly instances?: Readonly<Partial<Record<Exclude<App, 'event-store' | 'build-agent'>, number>>>;
  /** More than one make a cluster, `nats-1` and so on, and streams have as many copies. Default 1, called `nats`. */
  readonly natsServers?: 1 | 3 | 5;
  /** `dummy` runs no engine and needs none: for load tests. Default `docker`. */
  readonly builder?: 'docker' | 'dummy';
  /** Which apps to run. Default: all. nats-server always runs. */
  readonly apps?: readonly App[];
  /** What is added to the environment of a service, by its name; `build-agent` is every agent, `*` every service. */
  readonly env?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Servers to use instead of starting them. Default: only the engine and the registry of this process's environment. */
  readonly servers?: Servers;
  /** Named in the state file, for `npm stop`. Default `system`. */
  readonly command?: string;
  /** Aborted: the start is given up and what runs already is ended. No effect once it has resolved. */
  readonly signal?: AbortSignal;
}

/** URLs of servers that run already; what is absent is started. */
export interface Servers {
  readonly nats?: string | undefined;
  readonly eventStore?: string | undefined;
  readonly database?: string | undefined;
  readonly dockerHost?: string | undefined;
  readonly registry?: string | undefined;
}

/** All that the user's variables name: what `npm start` uses. */
export const serversFrom = (env: NodeJS.ProcessEnv): Servers => ({
  ...sharedServersFrom(env),
  nats: env['NATS_URL'] || undefined,
  eventStore: env['EVENTSTORE_URL'] || undefined,
  database: env['DATABASE_URL'] || undefined,
});

/**
 * Those that several systems may share: a test wants its own NATS and stores, but no engine of its own. `npm test`
 * hands its engine and registry on by the variables with the prefix.
 */
export const sharedServersFrom = (env: NodeJS.ProcessEnv): Servers => ({
  dockerHost: env['SLIPWAY_DOCKER_HOST'] || env['DOCKER_HOST'] || undefined,
  registry: env['SLIPWAY_REGISTRY_URL'] || env['REGISTRY_URL'] || undefined,
});
