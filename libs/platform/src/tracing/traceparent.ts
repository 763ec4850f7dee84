import { isSpanContextValid, trace, type Context, type SpanContext } from '@opentelemetry/api';

/** Source: W3C Trace Context, version 00 */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
export const TRACEPARENT_HEADER = 'traceparent';

/** `undefined` for what is absent or not one: callers may send anything. */
export function parseTraceparent(text: string | undefined): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(text ?? '') ?? [];
  const parsed = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(parsed) ? parsed : undefined;
}

/** `undefined` outside of every trace: the API has spans without one too. */
export function spanContextIn(context: Context): SpanContext | undefined {
  const span = trace.getSpanContext(context);
  return span && isSpanContextValid(span) ? span : undefined;
}

export function traceparentIn(context: Context): string | undefined {
  const span = spanContextIn(context);
  if (!span) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}
