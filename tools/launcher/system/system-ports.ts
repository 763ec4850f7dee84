import { type NamedPort, freePorts, portFrom, requireFree } from '../setup/ports.js';
import type { SystemPorts } from './options.js';

interface PortName {
  readonly what: string;
  readonly variable: string;
  readonly fallback: number;
}

export const PORT_NAMES: Readonly<Record<keyof SystemPorts, PortName>> = {
  gateway: { what: 'API', variable: 'PORT', fallback: 8080 },
  nats: { what: 'NATS', variable: 'NATS_PORT', fallback: 4222 },
  eventStore: { what: 'event store', variable: 'EVENT_STORE_PORT', fallback: 2113 },
  registry: { what: 'registry', variable: 'REGISTRY_PORT', fallback: 5000 },
};

const KEYS = ['gateway', 'nats', 'eventStore', 'registry'] as const;

/** The fixed ports of `npm start`, each moved by its variable. @throws Problem when a variable holds no port */
export function portsFrom(env: NodeJS.ProcessEnv): SystemPorts {
  const entries = KEYS.map((key) => [key, portFrom(env, PORT_NAMES[key].variable, PORT_NAMES[key].fallback)] as const);
  return Object.fromEntries(entries) as unknown as SystemPorts;
}

export const namedPort = (key: keyof SystemPorts, port: number): NamedPort => ({ ...PORT_NAMES[key], port });

/** Those asked for when all that are needed are free, else any. @throws Problem naming the taken ones */
export async function choosePorts(
  wanted: SystemPorts | undefined,
  isNeeded: (key: keyof SystemPorts) => boolean,
): Promise<SystemPorts> {
  if (wanted) {
    await requireFree(KEYS.filter(isNeeded).map((key) => namedPort(key, wanted[key])));
    return wanted;
  }
  const [gateway = 0, nats = 0, eventStore = 0, registry = 0] = await freePorts(KEYS.length);
  return { gateway, nats, eventStore, registry };
}
