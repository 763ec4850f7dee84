export { basicAuthorization } from './basic-authorization.js';
export { ConfigError, readEnv } from './config.js';
export {
  DEPENDENCIES,
  runChecks,
  startHealthServer,
  type Dependency,
  type HealthServer,
  type Readiness,
  type ReadinessCheck,
  type ReadinessChecks,
} from './health.js';
export { LineSplitter, MAX_MESSAGE_BYTES } from './lines/line-splitter.js';
export { createLogger, silentLogger, type LogFields, type Logger } from './logger.js';
export { runService, type RunningService } from './run-service.js';
export { boxReader, sealFor, type BoxReader, type SealedBox } from './sealed-box.js';
export { Secret } from './secret.js';
export {
  count,
  countMany,
  declareMetrics,
  observe,
  printMetrics,
  secondsSince,
  timed,
  watch,
  type Labels,
  type Sample,
} from './telemetry/metrics.js';
export { METRICS, type Metric, type MetricName } from './telemetry/names.js';
export { type ServiceName } from './telemetry/services.js';
export { hasEnded, nameOfHolder } from './standby/process-name.js';
export {
  alwaysActive,
  standBy,
  STANDBY_TIMES,
  TenureLost,
  type ActiveRecord,
  type ActiveRecords,
  type Role,
  type Standby,
  type StandbyTimes,
  type Tenure,
} from './standby/standby.js';
export { SPANS, type SpanAttributes } from './tracing/names.js';
export {
  annotate,
  openSpan,
  outsideTrace,
  traced,
  traceparentNow,
  type OpenSpan,
  type SpanOptions,
} from './tracing/span.js';
export { TRACEPARENT_HEADER } from './tracing/traceparent.js';
export { VERSION } from './version.js';
export { makeToken, TOKEN_PATTERN, tokenHashOf, tokenKindOf, type TokenKind } from './token.js';
