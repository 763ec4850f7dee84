import { z } from 'zod';
import { Instant } from '../names.js';
import { CodeHostName } from '../repository/code-source.js';

/** The keys that one ssh server may show. */
export const HostKeysView = z.object({
  host: z.string(),
  keys: z.array(
    z.object({
      type: z.string(),
      public_key: z.string(),
      /** `SHA256:…`, as `ssh-keygen -l` and the pages of code hosts print it. */
      fingerprint: z.string(),
    }),
  ),
  /** Null: published by the host, and known to this release. */
  pinned_by: z.string().nullable(),
  pinned_at: Instant.nullable(),
});
export type HostKeysView = z.infer<typeof HostKeysView>;

export const CodeHostView = z.object({
  code_repo_client: CodeHostName,
  /** Null: the host has closed and no mirror is configured. */
  base_url: z.string().nullable(),
  /** With `{owner}` and `{project}` for the names on that host; null as above. */
  public_clone_url: z.string().nullable(),
  key_clone_url: z.string().nullable(),
});
export type CodeHostView = z.infer<typeof CodeHostView>;

/** `GET /v1/code-hosts`. */
export const CodeHostsView = z.object({ code_hosts: z.array(CodeHostView), host_keys: z.array(HostKeysView) });
export type CodeHostsView = z.infer<typeof CodeHostsView>;
