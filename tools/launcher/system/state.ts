import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one system keeps, all under one directory. */
export interface SystemState {
  readonly directory: string;
  readonly eventStoreFile: string;
  readonly readModelFile: string;
  readonly natsDir: string;
  readonly agentsDir: string;
  readonly logDir: string;
  readonly adminTokenFile: string;
  readonly secretKey: string; // base64 of 32 bytes
}

/** Makes what is missing. The key encrypts deploy keys: it is made once and never again. */
export function openState(directory: string): SystemState {
  for (const name of ['data', 'nats', 'agents', 'log'])
    mkdirSync(join(directory, name), { recursive: true, mode: 0o700 });
  return {
    directory,
    eventStoreFile: join(directory, 'data', 'events.sqlite'),
    readModelFile: join(directory, 'data', 'read-model.sqlite'),
    natsDir: join(directory, 'nats'),
    agentsDir: join(directory, 'agents'),
    logDir: join(directory, 'log'),
    adminTokenFile: join(directory, 'admin-token'),
    secretKey: secretKey(join(directory, 'secret-key')),
  };
}

const SECRET_KEY_BYTES = 32;

function secretKey(file: string): string {
  if (!existsSync(file))
    writeFileSync(file, randomBytes(SECRET_KEY_BYTES).toString('base64'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}
