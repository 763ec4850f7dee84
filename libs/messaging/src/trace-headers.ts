import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { TRACEPARENT_HEADER, traceparentNow } from '@slipway/platform';

/** So that whoever gets the message goes on with the trace. `undefined`: there is none. */
export function traceHeaders(traceparent: string | undefined = traceparentNow()): MsgHdrs | undefined {
  if (traceparent === undefined) return undefined;
  const told = headers();
  told.set(TRACEPARENT_HEADER, traceparent);
  return told;
}

/** Empty when its sender told of none: there is nobody above it then. */
export const traceparentOf = ({ headers: told }: { readonly headers?: MsgHdrs | undefined }): string =>
  told?.get(TRACEPARENT_HEADER) ?? '';
