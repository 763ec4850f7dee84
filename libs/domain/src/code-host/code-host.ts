import type { CodeHostName, CodeSource, RefType } from '@slipway/contracts';

type KnownHost = Exclude<CodeHostName, 'Simple'>;

/** Base URL of every code host, without a slash at its end; null: the host is closed and nobody named a mirror. */
export interface CodeHosts {
  readonly GitHub: string;
  readonly Bitbucket: string;
  readonly OSChina: string;
  readonly GitCafe: string | null;
  /** Where deploy keys are taken, where that is not `git@` the host of the base URL: `ssh://git@host:2222`. */
  readonly ssh: SshBases;
}

type SshBases = { readonly [Host in KnownHost]?: string | undefined };

/** gitcafe.com closed in 2016, so it has no default. */
const PUBLIC_HOSTS: CodeHosts = {
  GitHub: 'https://github.com',
  Bitbucket: 'https://bitbucket.org',
  OSChina: 'https://gitee.com',
  GitCafe: null,
  ssh: {},
};

/** What follows a project's page. `null`: the host has (or had) no such page. */
interface Paths {
  readonly commit: string;
  readonly branch: string;
  readonly tag: string;
  readonly deployKeys: string | null;
}

const PATHS: Readonly<Record<KnownHost, Paths>> = {
  GitHub: { commit: '/commit/', branch: '/tree/', tag: '/tree/', deployKeys: '/settings/keys' },
  Bitbucket: { commit: '/commits/', branch: '/branch/', tag: '/commits/tag/', deployKeys: '/admin/access-keys/' },
  OSChina: { commit: '/commit/', branch: '/tree/', tag: '/tree/', deployKeys: '/deploy_keys' },
  GitCafe: { commit: '/commit/', branch: '/tree/', tag: '/tree/', deployKeys: null },
};

/** Everything a code host says about one source. */
export interface CodeLocation {
  /** `owner/project`; for `Simple` the path of the clone URL. */
  readonly path: string;
  readonly page: string | null;
  /** The page of a commit is this followed by its full id. */
  readonly commitPrefix: string | null;
  /** Where the deploy key is to be installed. */
  readonly deployKeys: string | null;
  readonly clone: {
    /** For a repository that anybody may read. */
    readonly public: string;
    /** For one that asks for the deploy key. */
    readonly key: string;
  };
}

/** The public hosts, but for those that are named: GitHub Enterprise, a mirror, a test server. */
export function codeHosts(bases: { readonly [Host in KnownHost]?: string | undefined }, ssh: SshBases = {}): CodeHosts {
  const baseOf = <Default>(base: string | undefined, standard: Default): string | Default =>
    base === undefined ? standard : base.replace(/\/+$/, '');
  return {
    GitHub: baseOf(bases.GitHub, PUBLIC_HOSTS.GitHub),
    Bitbucket: baseOf(bases.Bitbucket, PUBLIC_HOSTS.Bitbucket),
    OSChina: baseOf(bases.OSChina, PUBLIC_HOSTS.OSChina),
    GitCafe: baseOf(bases.GitCafe, PUBLIC_HOSTS.GitCafe),
    ssh,
  };
}

/** `null`: the source lies on a host that has closed and has no mirror configured. */
export function locateCode(source: CodeSource, hosts: CodeHosts): CodeLocation | null {
  if (source.client === 'Simple') return locateUrl(source.cloneUrl);
  const base = hosts[source.client];
  if (base === null) return null;
  const { commit, deployKeys } = PATHS[source.client];
  const path = `${source.namespace}/${source.name}`;
  const page = `${base}/${path}`;
  return {
    path,
    page,
    commitPrefix: page + commit,
    deployKeys: deployKeys === null ? null : page + deployKeys,
    clone: { public: `${page}.git`, key: keyCloneUrl(base, hosts.ssh[source.client], path) },
  };
}

/** The page of a branch or tag; null where the host has none. */
export function refPage(source: CodeSource, hosts: CodeHosts, refType: RefType, refName: string): string | null {
  if (source.client === 'Simple') return null;
  const page = locateCode(source, hosts)?.page ?? null;
  const ref = refName.split('/').map(encodeURIComponent).join('/');
  return page === null ? null : page + PATHS[source.client][refType] + ref;
}

/** A user's name and password, a query and a fragment are no part of a page or a path: both are shown to others. */
function locateUrl(cloneUrl: string): CodeLocation {
  const [, scheme = null, host = '', rest = ''] =
    /^(?:([a-z]+):\/\/)?(?:[^/@]*@)?([^/:]*(?::\d+(?=\/))?)[/:]?([^?#]*)/i.exec(cloneUrl) ?? [];
  const path = rest.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return {
    path,
    page: scheme === 'http' || scheme === 'https' ? `${scheme}://${host}/${path}` : null,
    commitPrefix: null,
    deployKeys: null,
    clone: { public: cloneUrl, key: cloneUrl },
  };
}

const keyCloneUrl = (base: string, ssh: string | undefined, path: string): string =>
  ssh === undefined ? `git@${hostNameOf(base)}:${path}.git` : `${ssh.replace(/\/+$/, '')}/${path}.git`;

/** ssh has its own port, so the one of the base URL is no use. */
const hostNameOf = (base: string): string => base.replace(/^[a-z]+:\/\//i, '').replace(/[:/].*$/, '');
