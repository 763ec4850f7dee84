import { diag, DiagLogLevel, context } from '@opentelemetry/api';
import { z } from 'zod';
import { readEnv } from '../config.js';
import type { Logger } from '../logger.js';
import type { ServiceName } from '../telemetry/services.js';
import { within } from '../within.js';
import { contextManager } from './context-storage.js';
import { spansAreExported } from './span.js';

const url = z.url({ protocol: /^https?$/ }).optional();

/** The SDK reads these and more of its own; here it is only decided whether there is anything to start. */
const Env = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url,
  OTEL_SDK_DISABLED: z.string().optional(),
});

/** How long a stop waits for spans that are still to be sent, ms. */
const FLUSH_LIMIT_MS = 2_000;
/** How often it is said that spans do not arrive, ms. */
const COMPLAINT_MS = 60_000;

export interface Tracing {
  /** Sends what is there, for two seconds at most. */
  readonly stop: () => Promise<void>;
}

const OFF: Tracing = { stop: async () => {} };

/**
 * Sends spans to the collector that the standard variables of OpenTelemetry name; without one nothing of the SDK is loaded.
 * A collector that is away or hangs costs spans and nothing else: they wait in a queue that is bounded.
 * @throws ConfigError for an endpoint that is no URL
 */
export async function startTracing(service: ServiceName, logger: Logger): Promise<Tracing> {
  const env = readEnv(Env);
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined || env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return OFF;
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  complainTo(logger);
  context.disable(); // the SDK sets it again
  const sdk = new NodeSDK({
    serviceName: `slipway-${service}`,
    contextManager,
    textMapPropagator: null, // traceparent alone, in headers and in metadata
    instrumentations: [],
    metricReaders: [], // Prometheus's
    logRecordProcessors: [],
  });
  sdk.start();
  spansAreExported();
  logger.info({ host: new URL(endpoint).host }, 'spans are sent');
  return { stop: () => withinLimit(sdk.shutdown(), logger) };
}

async function withinLimit(flushed: Promise<void>, logger: Logger): Promise<void> {
  try {
    await within(flushed, FLUSH_LIMIT_MS);
  } catch (error) {
    logger.warn({ error }, 'the last spans are lost');
  }
}

/** A collector that is away fails every batch: said once a minute, it is enough. */
function complainTo(logger: Logger): void {
  let saidAtMs = Number.NEGATIVE_INFINITY;
  const complain = (why: string): void => {
    if (performance.now() - saidAtMs < COMPLAINT_MS) return;
    saidAtMs = performance.now();
    logger.warn({ why: why.slice(0, 500) }, 'spans are not sent');
  };
  const quiet = (): void => {};
  diag.setLogger(
    { error: complain, warn: complain, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
