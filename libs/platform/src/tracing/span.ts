import './context-storage.js';
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context, type Span } from '@opentelemetry/api';
import { AppError } from '@slipway/kernel';
import { VERSION } from '../version.js';
import type { SpanAttributes } from './names.js';
import { parseTraceparent, spanContextIn, traceparentIn } from './traceparent.js';

export interface SpanOptions {
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: SpanAttributes;
  /** Under whom: what a message or an event says; default: what is being done here. */
  readonly from?: string | undefined;
  /** Without anybody above it, it begins a trace; else it is no span then. */
  readonly isRoot?: boolean;
  /** Milliseconds since 1970; default: now. */
  readonly startedAtMs?: number;
}

export interface OpenSpan {
  /** As others are told of it. `undefined`: there is no trace. */
  readonly traceparent: string | undefined;
  /** What `work` does is done under this span. */
  readonly within: <T>(work: () => T) => T;
  readonly annotate: (attributes: SpanAttributes) => void;
  /**
   * Of an error or a failure its `code` is kept, else its name: messages may hold what nobody else is to see. A span that is
   * never ended is forgotten.
   */
  readonly end: (error?: unknown) => void;
}

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** While nothing is exported no trace is begun, so there is nothing to make. */
let isExporting = false;
export function spansAreExported(): void {
  isExporting = true;
}

/** Does `work` under a span of its own, and measures it however it ends. Costs nothing while there is no trace. */
export async function traced<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  const span = openSpan(name, options);
  try {
    const result = await span.within(work);
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/** For what does not begin and end in one function. */
export function openSpan(name: string, options: SpanOptions): OpenSpan {
  const above = contextAbove(options);
  if (spanContextIn(above) === undefined && !(options.isRoot && isExporting)) return withoutSpan(above);
  const { kind, attributes, startedAtMs } = options;
  const span = trace.getTracer('slipway', VERSION).startSpan(
    name,
    {
      kind: kind ? KINDS[kind] : SpanKind.INTERNAL,
      ...(attributes && { attributes: { ...attributes } }),
      ...(startedAtMs !== undefined && { startTime: startedAtMs }),
    },
    above,
  );
  const inside = trace.setSpan(above, span);
  return {
    traceparent: traceparentIn(inside),
    within: (work) => context.with(inside, work),
    annotate: (more) => void span.setAttributes({ ...more }),
    end: (error) => endSpan(span, error),
  };
}

function contextAbove({ from }: SpanOptions): Context {
  if (from === undefined) return context.active();
  const remote = parseTraceparent(from);
  return remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
}

const withoutSpan = (above: Context): OpenSpan => ({
  traceparent: undefined,
  within: (work) => context.with(above, work),
  annotate: () => {},
  end: () => {},
});

function endSpan(span: Span, error: unknown): void {
  if (error !== undefined) {
    const code = codeOf(error);
    span.setAttribute('error.type', code);
    if (isFault(error)) span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  }
  span.end();
}

/** A refusal is an answer. */
const isFault = (error: unknown): boolean => !(error instanceof AppError) || error.kind === 'unavailable';

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

/** What others are to be told of what is being done here: the header `traceparent`. */
export const traceparentNow = (): string | undefined => traceparentIn(context.active());

/** Of the span that is being done here. */
export const annotate = (attributes: SpanAttributes): void =>
  void trace.getSpan(context.active())?.setAttributes({ ...attributes });

/** For what is done again and again, and would bury what matters. */
export const outsideTrace = <T>(work: () => T): T => context.with(ROOT_CONTEXT, work);

/** In every line of a log. */
export function traceFields(): Readonly<Record<string, string>> {
  const span = spanContextIn(context.active());
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
