import { z } from 'zod';
import { CodeHostTokenBody, StatusHost } from '../code-host-token/body.js';
import { CodeHostTokenView } from '../code-host-token/view.js';
import { Namespace } from '../names.js';

const named = { namespace: Namespace, client: StatusHost };

/** On `cmd.code-host-token.set`. */
export const SetCodeHostTokenCommand = z.object({ ...named, body: CodeHostTokenBody });
export type SetCodeHostTokenCommand = z.infer<typeof SetCodeHostTokenCommand>;

/** On `cmd.code-host-token.remove`. */
export const RemoveCodeHostTokenCommand = z.object(named);
export type RemoveCodeHostTokenCommand = z.infer<typeof RemoveCodeHostTokenCommand>;

/** On `query.code-host-token.list`. */
export const CodeHostTokensQuery = z.object({ namespace: Namespace });
export type CodeHostTokensQuery = z.infer<typeof CodeHostTokensQuery>;

/** Answer to all three: every code host that the namespace has a token for. */
export const CodeHostTokensReply = z.object({ tokens: z.array(CodeHostTokenView) });
export type CodeHostTokensReply = z.infer<typeof CodeHostTokensReply>;
