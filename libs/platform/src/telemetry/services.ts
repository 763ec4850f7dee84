/** Who shows metrics; and who of them asks others over NATS, or the event store. */
export const ALL = [
  'gateway',
  'repository',
  'build-orchestrator',
  'build-agent',
  'projections',
  'notifier',
  'event-store',
] as const;
export type ServiceName = (typeof ALL)[number];

export const ASKING = ['gateway', 'repository', 'build-orchestrator', 'build-agent'] as const;
export const WITH_STORE = ['repository', 'build-orchestrator', 'projections', 'notifier'] as const;
