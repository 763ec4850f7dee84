import { hostname } from 'node:os';
import { AgentId, AgentLabels, BuildNode } from '@slipway/contracts';
import { privateHostsEnv } from '@slipway/egress';
import { Secret } from '@slipway/platform';
import { z } from 'zod';

const milliseconds = (fallback: number) => z.coerce.number().int().min(100).default(fallback);
const count = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
const MIB = 1_048_576;

/** Everything the agent reads from its environment. Units are in the names; the defaults suit one machine. */
export const Env = z.object({
  NATS_URL: z.string().default('nats://127.0.0.1:4222'),
  AGENT_ID: AgentId.default(hostname()),
  AGENT_SLOTS: z.coerce.number().int().min(1).max(64).default(2), // builds at once
  AGENT_STATE_DIR: z.string().min(1), // workspaces, and reports until they are accepted
  BUILD_NODE: BuildNode.default('in'),
  /** `arch=arm64,gpu=no`: what it is, for builds that want something of their agent. */
  AGENT_LABELS: z.string().default('').transform(labelsOf).pipe(AgentLabels),
  ACK_WAIT_MS: z.coerce.number().int().min(1_000).default(15_000), // lease; renewed every third of it
  /** Asked to stop, it goes on with what it has for so long; what is left then is given back. */
  DRAIN_GRACE_MS: count(10 * 60_000),
  BUILDER: z.enum(['docker', 'dummy']).default('docker'), // dummy: no engine, no source; for load tests
  /** dummy: nothing is fetched. Default: git, but dummy with the dummy builder. */
  SOURCE: z.enum(['git', 'dummy']).optional(),
  DOCKER_HOST: z.string().default('unix:///var/run/docker.sock'),
  /** Credentials may stand in it; they are shown to this registry alone. */
  REGISTRY_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:5000')
    .transform(registryOf),
  /** PEM bundle: who may have signed the certificates of code hosts, instead of the machine's own. */
  CODE_HOST_CA_FILE: z.string().min(1).optional(),
  ...privateHostsEnv, // code hosts there are cloned from, registries there get credentials
  SOURCE_TIMEOUT_MS: milliseconds(10 * 60_000),
  SOURCE_MAX_BYTES: count(4_096 * MIB),
  BUILD_SILENCE_TIMEOUT_MS: milliseconds(15 * 60_000),
  BUILD_TIMEOUT_MS: milliseconds(60 * 60_000),
  PUSH_SILENCE_TIMEOUT_MS: milliseconds(2 * 60_000),
  CONTEXT_MAX_BYTES: count(1_024 * MIB),
  CONTEXT_MAX_FILES: count(100_000),
  LOG_MAX_BYTES: count(64 * MIB),
  /** As given to the engine's `--cgroup-parent`; absent: steps have the limits of their engine alone. */
  ENGINE_CGROUP: z
    .string()
    .regex(/^(?:\/[A-Za-z0-9_.:-]+)+$/)
    .optional(),
  STEP_MEMORY_BYTES: z.coerce
    .number()
    .int()
    .min(16 * MIB)
    .default(4_096 * MIB),
  STEP_PROCESSES: z.coerce.number().int().min(16).default(1_024),
  STEP_CPUS: z.coerce.number().min(0.1).optional(),
  STEP_WRITTEN_BYTES: count(20_480 * MIB),
  /** All that the engine's bridge lets steps reach. Absent: it is open to the internet. */
  BUILD_PROXY_URL: z.url({ protocol: /^http$/ }).optional(),
  /** Below it no job is taken. */
  DISK_FLOOR_BYTES: count(2_048 * MIB),
  /** Below it the build that writes most is stopped. */
  DISK_RESERVE_BYTES: count(1_024 * MIB),
  /** Of the engine's builder, whoever fills it. */
  CACHE_MAX_BYTES: count(20_480 * MIB),
  /** What nobody has used for so long is given up. */
  CACHE_MAX_AGE_MS: count(7 * 24 * 60 * 60_000),
  /** What builds left behind is taken away this often, when none runs. */
  COLLECT_EVERY_MS: milliseconds(10 * 60_000),
  DUMMY_STEPS: count(3),
  DUMMY_LINES: count(10),
  DUMMY_LINE_BYTES: count(80),
  DUMMY_STEP_MS: count(0),
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
});
export type AgentConfig = Readonly<z.output<typeof Env>>;

/** Where images are pushed: the host as image names write it, and who may. */
export interface RegistryTarget {
  readonly origin: string;
  readonly host: string;
  readonly login: { readonly username: string; readonly password: Secret } | undefined;
}

function registryOf(url: string): RegistryTarget {
  const { origin, host, username, password } = new URL(url);
  const login = username
    ? { username: decodeURIComponent(username), password: new Secret(decodeURIComponent(password)) }
    : undefined;
  return { origin, host, login };
}

/** A part without a value is kept, so that its schema refuses it. */
function labelsOf(list: string): Record<string, string> {
  return Object.fromEntries(
    list
      .split(',')
      .filter((part) => part.trim() !== '')
      .map((part) => part.split('=', 2).map((word) => word.trim()))
      .map(([name = '', value = '']) => [name, value]),
  );
}
