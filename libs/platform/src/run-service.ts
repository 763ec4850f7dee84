import { ConfigError } from './config.js';
import { createLogger, type Logger } from './logger.js';
import { declareMetrics } from './telemetry/metrics.js';
import type { ServiceName } from './telemetry/services.js';
import { startTracing } from './tracing/start-tracing.js';

/** What a service gives back once it runs: how to stop it. Must be safe to call once; may take `SHUTDOWN_LIMIT_MS`. */
export interface RunningService {
  /**
   * Lets what is under way come to its end before the stop begins, for as long as the service likes. A second signal does
   * not wait for it.
   */
  readonly drain?: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const SHUTDOWN_LIMIT_MS = 10_000;

/**
 * The life of a service process: start, run until SIGTERM or SIGINT, drain, stop within a limit, exit 0. Asked while it starts, it
 * exits at once.
 * Bad configuration exits 78 (EX_CONFIG) with every bad variable named; a start that fails, or a bug, exits 1.
 * `signal` is aborted when the stop begins.
 */
export async function runService(
  name: ServiceName,
  start: (context: { readonly logger: Logger; readonly signal: AbortSignal }) => Promise<RunningService>,
): Promise<void> {
  const logger = createLogger(name);
  declareMetrics(name);
  const abort = new AbortController();
  const die = (error: unknown, message: string): void => {
    logger.error({ error }, message);
    process.exit(1);
  };
  process.on('uncaughtException', (error) => die(error, 'uncaught exception'));
  process.on('unhandledRejection', (error) => die(error, 'unhandled rejection'));
  const asked = Promise.withResolvers<string>();
  const askedAgain = Promise.withResolvers<void>();
  let times = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      times += 1;
      asked.resolve(signal);
      if (times > 1) askedAgain.resolve();
    });
  try {
    const tracing = await startTracing(name, logger);
    const service = await Promise.race([start({ logger, signal: abort.signal }), asked.promise.then(() => undefined)]);
    if (!service) process.exit(0); // asked to stop before it ran: nothing is under way
    logger.info({}, 'service ready');
    const cause = await asked.promise;
    if (service.drain) {
      logger.info({ cause }, 'service draining');
      await Promise.race([service.drain(), askedAgain.promise]);
    }
    abort.abort(new Error(`${name} is stopping`));
    logger.info({ cause }, 'service stopping');
    const tooLong = new Error(`not stopped after ${SHUTDOWN_LIMIT_MS} ms`);
    setTimeout(() => die(tooLong, 'stop took too long'), SHUTDOWN_LIMIT_MS).unref();
    await service.stop();
    await tracing.stop();
    process.exit(0);
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`${name}: ${error.message}\n`);
      process.exit(78);
    }
    die(error, abort.signal.aborted ? 'stop failed' : 'start failed');
  }
}
