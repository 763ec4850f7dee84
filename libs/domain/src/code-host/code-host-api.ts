import type { StatusHost } from '@slipway/contracts';
import type { CodeHosts } from './code-host.js';

/** Base URL of the API of every code host that has one, without a slash at its end; null: nobody said where it is. */
export type CodeHostApis = Readonly<Record<StatusHost, string | null>>;

const PUBLIC_APIS: Readonly<Record<StatusHost, { readonly host: string; readonly api: string }>> = {
  GitHub: { host: 'https://github.com', api: 'https://api.github.com' },
  Bitbucket: { host: 'https://bitbucket.org', api: 'https://api.bitbucket.org/2.0' },
  OSChina: { host: 'https://gitee.com', api: 'https://gitee.com/api/v5' },
};

/** Under a base URL of one's own: GitHub Enterprise and Gitee's own edition. Bitbucket's speaks another API. */
const UNDER_BASE: Readonly<Record<StatusHost, string | null>> = {
  GitHub: '/api/v3',
  Bitbucket: null,
  OSChina: '/api/v5',
};

/** Those that are named; else of the public hosts; else where they are under the host's base URL. */
export function codeHostApis(
  named: { readonly [Host in StatusHost]?: string | undefined },
  hosts: Pick<CodeHosts, StatusHost>,
): CodeHostApis {
  const apiOf = (client: StatusHost): string | null => {
    const [base, path, standard] = [hosts[client], UNDER_BASE[client], PUBLIC_APIS[client]];
    if (named[client] !== undefined) return named[client].replace(/\/+$/, '');
    if (base === standard.host) return standard.api;
    return path === null ? null : base + path;
  };
  return { GitHub: apiOf('GitHub'), Bitbucket: apiOf('Bitbucket'), OSChina: apiOf('OSChina') };
}
