import { z } from 'zod';

const BaseUrl = z.url({ protocol: /^https?$/ });
/** `ssh://git@host:2222`; default: `git@` the host of the base URL, at ssh's own port. */
const SshUrl = z.url({ protocol: /^ssh$/ });

/** Base URLs of code hosts, in the environment of every service that links to them. All services need the same. */
export const codeHostEnv = {
  CODE_HOST_GITHUB_URL: BaseUrl.optional(),
  CODE_HOST_BITBUCKET_URL: BaseUrl.optional(),
  CODE_HOST_OSCHINA_URL: BaseUrl.optional(),
  CODE_HOST_GITCAFE_URL: BaseUrl.optional(),
  CODE_HOST_GITHUB_SSH_URL: SshUrl.optional(),
  CODE_HOST_BITBUCKET_SSH_URL: SshUrl.optional(),
  CODE_HOST_OSCHINA_SSH_URL: SshUrl.optional(),
  CODE_HOST_GITCAFE_SSH_URL: SshUrl.optional(),
} as const;

/** By the names of the API. */
export const codeHostBases = (env: z.output<z.ZodObject<typeof codeHostEnv>>) => ({
  GitHub: env.CODE_HOST_GITHUB_URL,
  Bitbucket: env.CODE_HOST_BITBUCKET_URL,
  OSChina: env.CODE_HOST_OSCHINA_URL,
  GitCafe: env.CODE_HOST_GITCAFE_URL,
});

/** Where each host takes deploy keys. */
export const codeHostSshBases = (env: z.output<z.ZodObject<typeof codeHostEnv>>) => ({
  GitHub: env.CODE_HOST_GITHUB_SSH_URL,
  Bitbucket: env.CODE_HOST_BITBUCKET_SSH_URL,
  OSChina: env.CODE_HOST_OSCHINA_SSH_URL,
  GitCafe: env.CODE_HOST_GITCAFE_SSH_URL,
});

/** Where the APIs are, for whoever tells a code host something. Default: where they are under the base URL. */
export const codeHostApiEnv = {
  CODE_HOST_GITHUB_API_URL: BaseUrl.optional(),
  CODE_HOST_BITBUCKET_API_URL: BaseUrl.optional(),
  CODE_HOST_OSCHINA_API_URL: BaseUrl.optional(),
} as const;

/** By the names of the API. */
export const codeHostApiBases = (env: z.output<z.ZodObject<typeof codeHostApiEnv>>) => ({
  GitHub: env.CODE_HOST_GITHUB_API_URL,
  Bitbucket: env.CODE_HOST_BITBUCKET_API_URL,
  OSChina: env.CODE_HOST_OSCHINA_API_URL,
});
