import type { CheckoutPaths } from '../paths.js';
import { findOnPath, isAtLeast, versionOf } from './command.js';
import { type UnpackedPackage, fetchPrograms, programPath } from './debian.js';

/** Older servers silently redeliver after `term(reason)` and refuse `sync_interval`. Source: docs/adr/0003. */
export const NATS_MINIMUM = '2.10.23';

/** The first that reads a default within a default, as deploy/compose.yaml has it. Older releases are another program. */
const COMPOSE_MINIMUM = '2.0.0';

/** Absolute paths; `undefined` for what is not needed. */
export interface Programs {
  readonly natsServer: string | undefined;
  readonly registry: string | undefined;
  readonly busybox: string | undefined; // linked statically: base images are made from it where none can be pulled
  readonly promtool: string | undefined; // tests alert rules
  readonly dockerCompose: string | undefined; // tests deploy/compose.yaml
}

/** Takes what the machine has and fetches the rest from Debian, all at once. @throws Problem when that is impossible */
export async function findPrograms(
  paths: CheckoutPaths,
  needed: {
    readonly natsServer: boolean;
    readonly registry: boolean;
    readonly busybox: boolean;
    readonly promtool?: boolean;
    readonly dockerCompose?: boolean;
  },
): Promise<Programs> {
  const missing: UnpackedPackage[] = [];
  const resolve = (installed: string | undefined, name: UnpackedPackage): string => {
    if (!installed) missing.push(name);
    return installed ?? programPath(paths, name);
  };
  const programs = {
    natsServer: needed.natsServer ? resolve(installedNats(), 'nats-server') : undefined,
    registry: needed.registry ? resolve(installedRegistry(), 'docker-registry') : undefined,
    // One on PATH may not be static.
    busybox: needed.busybox ? resolve(process.env['SLIPWAY_BUSYBOX'], 'busybox-static') : undefined,
    promtool: needed.promtool ? resolve(installedPromtool(), 'promtool') : undefined,
    dockerCompose: needed.dockerCompose ? resolve(installedCompose(), 'docker-compose') : undefined,
  };
  await fetchPrograms(paths, missing);
  return programs;
}

function installedNats(): string | undefined {
  const installed = process.env['SLIPWAY_NATS_SERVER'] ?? findOnPath('nats-server');
  return installed && isAtLeast(versionOf(installed) ?? '0', NATS_MINIMUM) ? installed : undefined;
}

const installedRegistry = (): string | undefined =>
  process.env['SLIPWAY_DOCKER_REGISTRY'] ?? findOnPath('docker-registry');

const installedPromtool = (): string | undefined => process.env['SLIPWAY_PROMTOOL'] ?? findOnPath('promtool');

function installedCompose(): string | undefined {
  const installed = process.env['SLIPWAY_DOCKER_COMPOSE'] ?? findOnPath('docker-compose');
  return installed && isAtLeast(versionOf(installed) ?? '0', COMPOSE_MINIMUM) ? installed : undefined;
}
