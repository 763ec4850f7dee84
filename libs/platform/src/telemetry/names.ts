import { ALL, ASKING, WITH_STORE, type ServiceName } from './services.js';

export interface Metric {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly services: readonly ServiceName[];
  /** Of a histogram, in its unit. */
  readonly buckets?: readonly number[];
}

/** In seconds. */
const ANSWER = [0.005, 0.02, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const COMMIT = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const LAG = [0.005, 0.02, 0.1, 0.5, 1, 5, 15, 60, 300];
const PHASE = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

/**
 * Every metric of Slipway: its name, which ends in its unit, its labels, and who shows it. Nothing that grows with tenants
 * or builds is a label. docs/TELEMETRY.md is compared with this table.
 */
export const METRICS = {
  slipway_service_info: {
    kind: 'gauge',
    help: '1; which service of which version this is',
    labels: ['service', 'version'],
    services: ALL,
  },
  slipway_dependency_up: {
    kind: 'gauge',
    help: '1: what `/readyz` asks for is well, 0: it is not',
    labels: ['dependency'],
    services: ALL,
  },
  slipway_request_failures_total: {
    kind: 'counter',
    help: 'requests over NATS that got no answer in time',
    labels: ['subject'],
    services: ASKING,
  },
  slipway_store_request_failures_total: {
    kind: 'counter',
    help: 'calls that the event store did not answer in time, after every retry',
    labels: ['operation'],
    services: WITH_STORE,
  },
  slipway_store_append_duration_seconds: {
    kind: 'histogram',
    help: 'from the call to the word that events are stored, retries included',
    labels: [],
    services: WITH_STORE,
    buckets: ANSWER,
  },
  slipway_http_request_duration_seconds: {
    kind: 'histogram',
    help: 'until an answer of the API was sent; a followed log counts when it ends',
    labels: ['method', 'route', 'status'],
    services: ['gateway'],
    buckets: ANSWER,
  },
  slipway_open_event_streams: {
    kind: 'gauge',
    help: 'logs that are being followed',
    labels: [],
    services: ['gateway'],
  },
  slipway_queued_builds: {
    kind: 'gauge',
    help: 'builds that no agent has; every orchestrator says the same',
    labels: ['build_node'],
    services: ['build-orchestrator'],
  },
  slipway_queue_oldest_age_seconds: {
    kind: 'gauge',
    help: 'how long the oldest build that no agent has was asked for',
    labels: ['build_node'],
    services: ['build-orchestrator'],
  },
  slipway_running_builds: {
    kind: 'gauge',
    help: 'builds under a lease; every orchestrator says the same',
    labels: ['build_node'],
    services: ['build-orchestrator'],
  },
  slipway_ready_agents: {
    kind: 'gauge',
    help: 'agents that are there and take jobs; every orchestrator says the same',
    labels: [],
    services: ['build-orchestrator'],
  },
  slipway_attempts_total: {
    kind: 'counter',
    help: 'leases given',
    labels: [],
    services: ['build-orchestrator'],
  },
  slipway_lease_losses_total: {
    kind: 'counter',
    help: 'attempts that were taken for lost because their lease was not renewed',
    labels: [],
    services: ['build-orchestrator'],
  },
  slipway_attempts_given_back_total: {
    kind: 'counter',
    help: 'attempts that their agents could not go on with, by the code of the failure: not the fault of the build',
    labels: ['code'],
    services: ['build-orchestrator'],
  },
  slipway_builds_ended_total: {
    kind: 'counter',
    help: 'builds that ended: succeeded, failed or cancelled',
    labels: ['status'],
    services: ['build-orchestrator'],
  },
  slipway_build_failures_total: {
    kind: 'counter',
    help: 'builds that failed, by the code of the failure',
    labels: ['code'],
    services: ['build-orchestrator'],
  },
  slipway_build_phase_duration_seconds: {
    kind: 'histogram',
    help: 'queued (from orchestrators), cloning, building and pushing (from agents), failed ones included',
    labels: ['phase'],
    services: ['build-orchestrator', 'build-agent'],
    buckets: PHASE,
  },
  slipway_report_lag_seconds: {
    kind: 'histogram',
    help: 'from the report of an agent to its event',
    labels: [],
    services: ['build-orchestrator'],
    buckets: LAG,
  },
  slipway_log_lag_seconds: {
    kind: 'histogram',
    help: 'from JetStream having a log chunk to its event',
    labels: [],
    services: ['build-orchestrator'],
    buckets: LAG,
  },
  slipway_relay_lag_seconds: {
    kind: 'histogram',
    help: 'from the event of a build to the relay that offers jobs',
    labels: [],
    services: ['build-orchestrator'],
    buckets: LAG,
  },
  slipway_lane_pending_messages: {
    kind: 'gauge',
    help: 'reports and log chunks in JetStream that are not recorded yet',
    labels: ['lane'],
    services: ['build-orchestrator'],
  },
  slipway_dead_letters_total: {
    kind: 'counter',
    help: 'messages that nobody could take in and that were set aside: see GET /v1/dead-letters',
    labels: ['stream', 'consumer'],
    services: ['build-orchestrator', 'build-agent'],
  },
  slipway_active: {
    kind: 'gauge',
    help: '1: this is the one of several that works, 0: it stands by; the sum over a service is 1',
    labels: ['service'],
    services: ['projections', 'notifier'],
  },
  slipway_projection_lag_events: {
    kind: 'gauge',
    help: 'positions between the newest event and the views: events in the embedded event store, bytes in EventStoreDB',
    labels: [],
    services: ['projections'],
  },
  slipway_projection_lag_seconds: {
    kind: 'gauge',
    help: 'how long the views have been behind the newest event; 0: they are not',
    labels: [],
    services: ['projections'],
  },
  slipway_projected_events_total: {
    kind: 'counter',
    help: 'events that the views have taken in',
    labels: [],
    services: ['projections'],
  },
  slipway_unreadable_events_total: {
    kind: 'counter',
    help: 'events that a view passed over because it could not read them',
    labels: [],
    services: ['projections'],
  },
  slipway_agent_slots: {
    kind: 'gauge',
    help: 'builds that the agent runs at once',
    labels: [],
    services: ['build-agent'],
  },
  slipway_agent_busy_slots: {
    kind: 'gauge',
    help: 'slots with a build',
    labels: [],
    services: ['build-agent'],
  },
  slipway_engine_up: {
    kind: 'gauge',
    help: '1: the container engine answers, 0: it does not',
    labels: [],
    services: ['build-agent'],
  },
  slipway_agent_disk_free_bytes: {
    kind: 'gauge',
    help: 'free where workspaces are',
    labels: [],
    services: ['build-agent'],
  },
  slipway_agent_disk_size_bytes: {
    kind: 'gauge',
    help: 'size of that file system',
    labels: [],
    services: ['build-agent'],
  },
  slipway_agent_paused: {
    kind: 'gauge',
    help: '1: the agent takes no jobs for this reason, 0: not for this one',
    labels: ['reason'],
    services: ['build-agent'],
  },
  slipway_agent_workspaces: {
    kind: 'gauge',
    help: 'workspaces on the disk; more than busy slots: something was left behind',
    labels: [],
    services: ['build-agent'],
  },
  slipway_collected_objects_total: {
    kind: 'counter',
    help: 'what builds left behind and was taken away: image, container, workspace, or a record of the build cache',
    labels: ['kind'],
    services: ['build-agent'],
  },
  slipway_collected_bytes_total: {
    kind: 'counter',
    help: 'disk that was freed so, as far as it is known: of workspaces and of the build cache',
    labels: ['kind'],
    services: ['build-agent'],
  },
  slipway_kept_reports: {
    kind: 'gauge',
    help: 'final reports on the disk that are not accepted yet',
    labels: [],
    services: ['build-agent'],
  },
  slipway_queued_notifications: {
    kind: 'gauge',
    help: 'what is still to be told, by kind of target',
    labels: ['kind'],
    services: ['notifier'],
  },
  slipway_notification_attempts_total: {
    kind: 'counter',
    help: 'tries to tell somebody: told, failed (tried again) or given-up',
    labels: ['kind', 'outcome'],
    services: ['notifier'],
  },
  slipway_eventstore_writes_total: {
    kind: 'counter',
    help: 'appends by what became of them',
    labels: ['outcome'],
    services: ['event-store'],
  },
  slipway_eventstore_events_total: {
    kind: 'counter',
    help: 'events appended',
    labels: [],
    services: ['event-store'],
  },
  slipway_eventstore_commit_duration_seconds: {
    kind: 'histogram',
    help: 'one transaction of a group of appends, fsync included',
    labels: [],
    services: ['event-store'],
    buckets: COMMIT,
  },
  slipway_eventstore_commit_failures_total: {
    kind: 'counter',
    help: 'transactions that the database refused',
    labels: [],
    services: ['event-store'],
  },
  slipway_eventstore_subscriptions: {
    kind: 'gauge',
    help: 'readers that follow new events',
    labels: [],
    services: ['event-store'],
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
