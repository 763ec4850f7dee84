import { existsSync } from 'node:fs';
import { inCheckout } from './checkout.js';

const VARIABLES = {
  'nats-server': 'SLIPWAY_NATS_SERVER',
  'docker-registry': 'SLIPWAY_DOCKER_REGISTRY',
  promtool: 'SLIPWAY_PROMTOOL',
  'docker-compose': 'SLIPWAY_DOCKER_COMPOSE',
} as const;

/** Where a program of the tests is: its variable, else the unpacked one, else the one on PATH. */
export function serverProgram(name: keyof typeof VARIABLES): string {
  const given = process.env[VARIABLES[name]];
  if (given) return given;
  const unpacked = inCheckout(`.slipway/bin/${name}`);
  return existsSync(unpacked) ? unpacked : name;
}
