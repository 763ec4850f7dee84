import { pino } from 'pino';
import { traceFields } from './tracing/span.js';

/**
 * Structured log: a constant message plus fields. error = a person must act, warn = the system coped,
 * info = a state changed, debug = the rest.
 */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** JSON lines on standard output; `error` fields are printed with stack and cause. */
export const createLogger = (service: string, level = process.env['LOG_LEVEL'] ?? 'info'): Logger =>
  pino({
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: traceFields,
    serializers: { error: pino.stdSerializers.errWithCause },
  });

/** Says nothing: for tests that do not look at logs. */
export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
