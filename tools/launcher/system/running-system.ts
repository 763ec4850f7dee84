import type { Death } from '../process/death.js';
import type { RunningChild, Supervisor } from '../process/supervisor.js';
import { type Service, startService } from './service.js';

/** The processes of a system by name, to be looked at, killed and restarted: `nats`, `event-store`, `build-agent-1`, … */
export interface ServiceControl {
  readonly services: readonly string[];
  readonly pid: (service: string) => number;
  /** SIGKILL, as a crash would; the service stays away until it is restarted. */
  readonly kill: (service: string) => Promise<void>;
  /** Stops it when it runs, starts it with the same ports and state, and resolves when it is ready. */
  readonly restart: (service: string) => Promise<void>;
  /** Called for every service that ended or ends without being asked to. */
  readonly onDeath: (listener: (death: Death) => void) => void;
  /** Something to remove with the rest; said before it is made. */
  readonly leave: Supervisor['leave'];
  /** Ends every process that was started and removes what they left; the state directory stays. Safe to call twice. */
  readonly stop: () => Promise<void>;
}

export function controlServices(
  services: readonly Service[],
  started: ReadonlyMap<string, RunningChild>,
  supervisor: Supervisor,
): ServiceControl {
  const children = new Map(started);
  const child = (name: string): RunningChild => {
    const found = children.get(name);
    if (!found) throw new Error(`no service is called ${name}; there are ${[...children.keys()].join(', ')}`);
    return found;
  };
  return {
    services: services.map(({ name }) => name),
    pid: (name) => child(name).pid,
    kill: (name) => child(name).kill(),
    restart: async (name) => {
      await child(name).stop();
      for (const service of services)
        if (service.name === name) children.set(name, await startService(service, supervisor));
    },
    onDeath: supervisor.onDeath,
    leave: supervisor.leave,
    stop: supervisor.stop,
  };
}
