/**
 * Who may import whom. This table is the lint configuration (oxlint.config.ts), and docs/ARCHITECTURE.md prints it; a
 * test compares the two. What is not named is refused, `node:` included.
 */
export interface MayImport {
  /** Libs of Slipway, without `@slipway/`. */
  readonly slipway: readonly string[];
  /** npm packages, and `node:*` for the runtime. */
  readonly packages: readonly string[];
}

const NATS = ['@nats-io/transport-node', '@nats-io/jetstream'];
const NODE = 'node:*';

export const IMPORT_TABLE = {
  'libs/kernel': { slipway: [], packages: [] },
  'libs/contracts': { slipway: ['kernel'], packages: ['zod', 'node:zlib'] },
  'libs/domain': { slipway: ['kernel', 'contracts'], packages: ['re2js'] },
  'libs/event-store': {
    slipway: ['kernel', 'contracts', 'platform'],
    packages: ['@eventstore/db-client/**', '@grpc/grpc-js', 'google-protobuf/**', 'zod', NODE],
  },
  'libs/messaging': { slipway: ['kernel', 'contracts', 'platform'], packages: [...NATS, 'zod'] },
  'libs/read-model': { slipway: ['kernel', 'contracts', 'domain', 'event-store'], packages: ['kysely', 'pg', NODE] },
  'libs/egress': { slipway: ['kernel'], packages: ['ipaddr.js', 'zod', NODE] },
  'libs/git': { slipway: ['kernel', 'contracts', 'egress', 'platform'], packages: [NODE] },
  'libs/platform': {
    slipway: ['kernel'],
    packages: ['@opentelemetry/api', '@opentelemetry/sdk-node', 'pino', 'prom-client', 'zod', NODE],
  },
  'libs/testing': { slipway: ['kernel'], packages: ['dockerode', 'ssh2', 'tar-stream', NODE] },
  'libs/client': { slipway: [], packages: ['openapi-fetch', 'eventsource-parser/**', NODE] },
  'apps/event-store': {
    slipway: ['kernel', 'platform'],
    packages: ['@eventstore/db-client/**', '@grpc/grpc-js', 'google-protobuf/**', 'zod', NODE],
  },
  'apps/repository': {
    slipway: ['kernel', 'contracts', 'domain', 'egress', 'event-store', 'git', 'messaging', 'platform'],
    packages: [...NATS, 'zod', NODE],
  },
  'apps/build-orchestrator': {
    slipway: ['kernel', 'contracts', 'domain', 'event-store', 'messaging', 'platform'],
    packages: [...NATS, 'zod', NODE],
  },
  'apps/build-agent': {
    slipway: ['kernel', 'contracts', 'egress', 'git', 'messaging', 'platform'],
    packages: [...NATS, 'zod', 'dockerode', 'tar-stream', 'protobufjs', '@grpc/grpc-js', NODE],
  },
  'apps/projections': {
    slipway: ['kernel', 'contracts', 'event-store', 'messaging', 'read-model', 'platform'],
    packages: [...NATS, 'zod', NODE],
  },
  'apps/notifier': {
    slipway: ['kernel', 'contracts', 'domain', 'egress', 'event-store', 'read-model', 'platform'],
    packages: ['nodemailer', 'zod', NODE],
  },
  'apps/gateway': {
    slipway: ['kernel', 'contracts', 'domain', 'egress', 'git', 'messaging', 'read-model', 'platform'],
    packages: [...NATS, '@nestjs/**', 'fastify', 'rxjs', 'reflect-metadata', 'jose', 'zod', NODE],
  },
} as const satisfies Record<string, MayImport>;

/** Tests and their fixtures may use these besides what their project may. */
export const SPEC_EXTRA: MayImport = {
  slipway: ['testing', 'event-store', 'contracts/fixtures', 'read-model/fixtures'],
  packages: [
    'fast-check',
    'ajv/**',
    '@seriousme/openapi-schema-validator',
    '@balena/dockerignore',
    'smtp-server',
    'eventsource-parser/**',
    ...NATS,
    NODE,
  ],
};
