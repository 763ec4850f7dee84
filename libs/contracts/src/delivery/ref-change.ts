import { z } from 'zod';
import { CommitId } from '../names.js';
import { RefType } from '../repository/tag-config.js';

/** What a push did to one ref. */
export const RefChange = z.object({
  /** Null: neither a branch nor a tag. */
  refType: RefType.nullable(),
  /** Without `refs/heads/` and `refs/tags/`. */
  refName: z.string(),
  /** Where it is now; null: it was deleted. */
  commit: CommitId.nullable(),
});
export type RefChange = z.infer<typeof RefChange>;
