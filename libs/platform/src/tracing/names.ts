/** Every span of Slipway but those that are named by what they carry: a route (`POST /v1/builds`), a subject (`cmd.build.request`). */
export const SPANS = {
  append: 'append',
  wantedBuilds: 'wanted builds',
  queued: 'queued',
  job: 'job',
  attempt: 'attempt',
  cloning: 'cloning',
  building: 'building',
  pushing: 'pushing',
  report: 'report',
  finalReport: 'final report',
} as const;

/** Attributes of spans: ids, names and codes; nothing that an outsider wrote, no URL with a user in it. */
export interface SpanAttributes {
  readonly 'slipway.build_id'?: string;
  /** `<namespace>/<name>` */
  readonly 'slipway.repository'?: string;
  readonly 'slipway.attempt'?: number;
  readonly 'slipway.agent_id'?: string;
  readonly 'slipway.build_node'?: string;
  /** What a claim was answered, or how an attempt ended. */
  readonly 'slipway.outcome'?: string;
  readonly 'slipway.commit'?: string;
  readonly 'slipway.image_digest'?: string;
  /** Types of the events that are appended. */
  readonly 'slipway.events'?: string[];
  readonly 'slipway.report'?: string;
  readonly 'slipway.clone_url'?: string;
  /** Code of an AppError or of a failure, else the name of what was thrown. */
  readonly 'error.type'?: string;
  readonly 'http.request.method'?: string;
  readonly 'http.route'?: string;
  readonly 'http.response.status_code'?: number;
  readonly 'messaging.destination.name'?: string;
}
