import { z } from 'zod';
import { ActorName, Instant } from '../names.js';
import { StatusHost } from './body.js';

/** That a namespace has a token for a code host. The token itself is in no answer. */
export const CodeHostTokenView = z.object({
  code_repo_client: StatusHost,
  api_user: z.string().nullable(),
  set_by: ActorName,
  set_at: Instant,
});
export type CodeHostTokenView = z.infer<typeof CodeHostTokenView>;

/** The answer of `GET /v1/namespaces/{namespace}/code-hosts`. */
export const CodeHostTokensView = z.object({ code_hosts: z.array(CodeHostTokenView) });
export type CodeHostTokensView = z.infer<typeof CodeHostTokensView>;
