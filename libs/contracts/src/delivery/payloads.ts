import { z } from 'zod';

/**
 * What is read of the payloads of code hosts; everything else in them is passed over.
 * Sources: docs.github.com "Webhook events and payloads", support.atlassian.com "Event payloads",
 * gitee.com/help "WebHook 推送数据格式".
 */
const ObjectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

/** GitHub's, and of all who took it over: Gitee, GitCafe, Gitea. `after` is zeros when the ref is gone. */
export const GitHubPush = z.object({
  ref: z.string().min(1).max(1024),
  after: ObjectId,
  deleted: z.boolean().nullish(),
  /** Of an annotated tag `after` is the tag itself, and this is the commit it leads to. */
  head_commit: z.object({ id: ObjectId }).nullish(),
});
export type GitHubPush = z.infer<typeof GitHubPush>;

const BitbucketRef = z.object({
  type: z.string(),
  name: z.string().min(1).max(1024),
  target: z.object({ hash: ObjectId }),
});

/** Several refs in one. `new: null`: the ref is gone. */
export const BitbucketPush = z.object({
  push: z.object({
    changes: z.array(z.object({ new: BitbucketRef.nullish(), old: BitbucketRef.omit({ target: true }).nullish() })),
  }),
});
export type BitbucketPush = z.infer<typeof BitbucketPush>;
