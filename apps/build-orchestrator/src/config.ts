import { BuildNode, codeHostEnv, networkPolicyEnv } from '@slipway/contracts';
import { z } from 'zod';

const url = (protocol: RegExp) => z.url({ protocol });

/** Everything the orchestrator reads from its environment. Units are in the names. */
export const Env = z.object({
  NATS_URL: z.string().default('nats://127.0.0.1:4222'),
  EVENTSTORE_URL: url(/^(esdb|esdb\+discover|kurrentdb|kurrentdb\+discover)$/).default(
    'esdb://127.0.0.1:2113?tls=false',
  ),
  /** Where images are published; credentials may stand in it. Absent: tags are recorded, no registry is asked (load tests). */
  REGISTRY_URL: url(/^https?$/).optional(),
  ACK_WAIT_MS: z.coerce.number().int().min(1_000).default(15_000), // lease
  STREAM_REPLICAS: z.coerce.number().int().min(1).max(5).default(1),
  BUILD_NODES: z
    .string()
    .default('in,cn')
    .transform((names) => names.split(',').map((name) => name.trim()))
    .pipe(z.array(BuildNode).min(1)),
  ...codeHostEnv,
  ...networkPolicyEnv,
  /** Of each namespace, at once; absent: no limit. More requests are refused, more builds wait. */
  QUOTA_QUEUED_BUILDS: z.coerce.number().int().min(1).default(100_000),
  QUOTA_RUNNING_BUILDS: z.coerce.number().int().min(1).optional(),
  /** Of each namespace, in a calendar month (UTC); absent: no limit. Once used up, requests are refused. */
  QUOTA_BUILD_MINUTES: z.coerce.number().int().min(1).optional(),
  QUOTA_LOG_BYTES: z.coerce.number().int().min(1).optional(),
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
});
export type OrchestratorConfig = Readonly<z.output<typeof Env>>;
