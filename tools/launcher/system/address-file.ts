import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the stores of a running system are, as the variables that services read. */
export interface StoreVariables {
  readonly NATS_URL: string;
  readonly EVENTSTORE_URL: string;
  readonly DATABASE_URL: string;
}

/** Everything that a command needs to use a running system as its users do. */
export interface SystemVariables extends StoreVariables {
  readonly API_URL: string;
  readonly REGISTRY_URL: string;
  readonly DOCKER_HOST?: string | undefined; // none with the dummy builder
}

export const addressFile = (stateDir: string): string => join(stateDir, 'system.json');

/** For commands that join a running system. Mode 600: URLs may hold passwords. */
export const writeAddresses = (stateDir: string, variables: SystemVariables): void =>
  writeFileSync(addressFile(stateDir), JSON.stringify(variables), { mode: 0o600 });

/** `undefined` when no system runs on this state. */
export function readAddresses(stateDir: string): SystemVariables | undefined {
  const file = addressFile(stateDir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SystemVariables) : undefined;
}
