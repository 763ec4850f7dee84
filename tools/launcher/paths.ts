import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this file is in. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What one checkout has once, whatever runs in it. */
export interface CheckoutPaths {
  readonly root: string;
  readonly state: string; // .slipway
  readonly bin: string; // programs fetched without being installed
  readonly engine: string;
  readonly registry: string;
  readonly registrySocket: string;
  readonly build: string; // bundles of the services
  readonly run: string; // state files of running launchers, pid files
  readonly log: string;
  readonly sockets: string;
  readonly hash: string; // tells checkouts apart where names are the machine's: bridges, cgroups
}

/** Of a Unix socket's path. */
const SOCKET_MAX_BYTES = 107;
/** containerd appends up to 36 to its directory. */
const SOCKET_DIRECTORY_MAX_BYTES = SOCKET_MAX_BYTES - 36;

export function checkoutPaths(root: string = ROOT): CheckoutPaths {
  const state = join(root, '.slipway');
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const near = join(state, 'run', 'engine');
  const socket = join(state, 'run', 'registry.sock');
  return {
    root,
    state,
    bin: join(state, 'bin'),
    engine: join(state, 'engine'),
    registry: join(state, 'registry'),
    registrySocket:
      Buffer.byteLength(socket) <= SOCKET_MAX_BYTES ? socket : join(tmpdir(), `slipway-${hash}-registry.sock`),
    build: join(state, 'build'),
    run: join(state, 'run'),
    log: join(state, 'log'),
    sockets: Buffer.byteLength(near) <= SOCKET_DIRECTORY_MAX_BYTES ? near : join(tmpdir(), `slipway-${hash}`),
    hash,
  };
}
