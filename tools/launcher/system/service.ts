import { Problem } from '../problem.js';
import type { ChildSpec, Exit, RunningChild, Supervisor } from '../process/supervisor.js';
import { describeDeath, lastWords } from '../process/death.js';
import { tail } from '../process/log-file.js';
import { withProgress } from '../progress.js';
import { becomesTrue } from '../process/wait.js';

/** One process of the system: what it needs first, how it is started and how one sees that it is ready. */
export interface Service {
  readonly name: string;
  /** Names of services that must be ready before this one starts; those that do not exist here count as ready. */
  readonly needs: readonly string[];
  readonly child: Omit<ChildSpec, 'name'>;
  readonly url?: string; // where it answers, of a gateway and of a nats-server
  /** Must answer within a second or so; a failure means "not yet". */
  readonly isReady: () => Promise<boolean>;
}

const READY_LIMIT_MS = 60_000; // a busy laptop; it takes one or two seconds otherwise
const LOOK_EVERY_MS = 25;
const LAST_LINES = 15;

/** Starts all, each as soon as what it needs is ready. @throws Problem of the first that fails */
export async function startServices(
  services: readonly Service[],
  supervisor: Supervisor,
): Promise<ReadonlyMap<string, RunningChild>> {
  const starting = new Map<string, Promise<RunningChild>>();
  const start = (service: Service): Promise<RunningChild> => {
    const known = starting.get(service.name);
    if (known) return known;
    const needed = services.filter(({ name }) => service.needs.includes(name));
    const started = Promise.all(needed.map(start)).then(() => startService(service, supervisor));
    starting.set(service.name, started);
    return started;
  };
  const children = await Promise.all(services.map(async (service) => [service.name, await start(service)] as const));
  return new Map(children);
}

/** Starts one and waits until it is ready. @throws Problem when it ends first or takes too long, with its last lines */
export const startService = (service: Service, supervisor: Supervisor): Promise<RunningChild> =>
  withProgress(`starting ${service.name}`, async () => {
    const child = supervisor.spawn({ ...service.child, name: service.name });
    let exit: Exit | undefined;
    void child.exited.then((ended) => (exit = ended));
    const decided = async () => exit !== undefined || (await service.isReady().catch(() => false));
    const inTime = await becomesTrue(decided, { limitMs: READY_LIMIT_MS, everyMs: LOOK_EVERY_MS });
    if (inTime && !exit) return child;
    throw new Problem(whyNot(service, exit));
  });

function whyNot({ name, child: { logFile } }: Service, exit: Exit | undefined): string {
  const lastLines = tail(logFile, LAST_LINES);
  if (exit) return describeDeath({ name, code: exit.code, logFile, lastLines });
  return `${name} was not ready within ${READY_LIMIT_MS / 1000} s${lastWords(logFile, lastLines)}`;
}

/** `GET` with a limit; any 2xx is yes. */
export async function answersOk(url: string, headers: Readonly<Record<string, string>> = {}): Promise<boolean> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  return response.ok;
}
