import type { KeyObject } from 'node:crypto';
import { CodeHostTokensQuery, commandSubjects, querySubjects } from '@slipway/contracts';
import { serve } from '@slipway/messaging';
import type { RunningService } from '@slipway/platform';
import type { NamespaceParts } from '../namespaces/serve-namespaces.js';
import { codeHostTokenDesk, RemoveCodeHostTokenMessage, SetCodeHostTokenMessage } from './code-host-tokens.js';

/** Answers what is asked and commanded about tokens for the APIs of code hosts. */
export function serveCodeHostTokens({
  nats,
  common,
  ...parts
}: Omit<NamespaceParts, 'networkPolicies'> & { readonly secretKey: KeyObject }): readonly RunningService[] {
  const { set, remove, list } = codeHostTokenDesk(parts);
  return [
    serve(nats, {
      ...common,
      subject: commandSubjects.setCodeHostToken,
      schema: SetCodeHostTokenMessage,
      handle: set,
    }),
    serve(nats, {
      ...common,
      subject: commandSubjects.removeCodeHostToken,
      schema: RemoveCodeHostTokenMessage,
      handle: remove,
    }),
    serve(nats, { ...common, subject: querySubjects.codeHostTokens, schema: CodeHostTokensQuery, handle: list }),
  ];
}
