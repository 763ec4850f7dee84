import { z } from 'zod';
import { NetworkPolicy } from '../namespace/network-policy.js';
import { BuildId, BuildNode, Instant } from '../names.js';

export const AgentId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'not a valid agent id')
  .meta({ examples: ['agent-1'] });
export type AgentId = z.infer<typeof AgentId>;

/** Why an agent takes no job though it runs. */
export const PauseReason = z.enum(['starting', 'draining', 'stopping', 'disk', 'engine', 'registry', 'collecting']);
export type PauseReason = z.infer<typeof PauseReason>;

const label = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9_./-]{0,61}[A-Za-z0-9])?$/, 'not a valid label');
/** What an agent says it is, for builds that want something of theirs. */
export const AgentLabels = z.record(label, label);
export type AgentLabels = z.infer<typeof AgentLabels>;

const MAX_LABELS_ASKED = 16;
/** What a build config asks of the agents of its builds. */
export const AskedLabels = AgentLabels.refine((labels) => Object.keys(labels).length <= MAX_LABELS_ASKED, {
  error: `at most ${MAX_LABELS_ASKED} labels`,
}).describe(
  'Labels that an agent has to have, with these values, to run the builds; `GET /v1/agents` tells what they have.',
);

/** What decides which builds an agent may run. */
export const AgentTraits = z.object({
  buildNodes: z.array(BuildNode).min(1),
  labels: AgentLabels,
  /** Network policies that it can hold builds to. */
  networkPolicies: z.array(NetworkPolicy).default(['none', 'full']),
});
export type AgentTraits = z.infer<typeof AgentTraits>;

/** On `agent.heartbeat`: an agent says who it is, every few seconds and when something of it changes. */
export const AgentHeartbeat = z.object({
  agentId: AgentId,
  /** One life of a process: two that live under one agent id differ in it. */
  instanceId: z.uuid(),
  version: z.string(),
  ...AgentTraits.shape,
  /** Builds at once. */
  slots: z.int().positive(),
  builds: z.array(BuildId),
  /** Empty: it takes jobs. */
  pausedBy: z.array(PauseReason),
  /** Of the fullest file system that builds need; null: not measured. */
  freeDiskBytes: z.int().nonnegative().nullable(),
  startedAt: Instant,
  /** The last word of this life. */
  isLast: z.boolean(),
});
export type AgentHeartbeat = z.infer<typeof AgentHeartbeat>;

/** On `agent.drain.<instance_id>`; the agent answers with its heartbeat. Safe to repeat. */
export const AgentDrain = z.object({
  isDraining: z.boolean(),
  /** Who asked. */
  by: z.string(),
});
export type AgentDrain = z.infer<typeof AgentDrain>;

/** On `agent.look`, to all agents: somebody new wants to know who is there. */
export const AgentLook = z.object({});
export type AgentLook = z.infer<typeof AgentLook>;
