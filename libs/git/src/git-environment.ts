import { isIP, isIPv6 } from 'node:net';
import { authorization, endpointOf, type PinnedRemote } from './remote.js';

export interface GitPlace {
  /** git's own HOME: empty. */
  readonly home: string;
  /** The working tree; `.git` is inside. Absent: git has no repository of its own. */
  readonly directory?: string;
}

/** What git may see of this process's environment: where programs are, whom to trust, which proxy to use. */
const PASSED_ON = [
  'PATH',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CURL_CA_BUNDLE',
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
] as const;

/**
 * The whole configuration of git: no file of the machine or of a user is read, and the repository's own
 * says nothing but its format. It travels in the environment, so that helpers of git obey it and no command line shows it.
 */
const CONFIG: Readonly<Record<string, string>> = {
  // nothing of the repository is executed
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.attributesFile': '/dev/null',
  'credential.helper': '',
  'submodule.recurse': 'false',
  'fetch.recurseSubmodules': 'false',
  // nothing but the server named is contacted
  'protocol.file.allow': 'never',
  'protocol.ext.allow': 'never',
  'http.followRedirects': 'false',
  // what arrives is checked, but for old flaws that harm nobody
  'fetch.fsckObjects': 'true',
  'fetch.fsck.badTimezone': 'warn',
  'fetch.fsck.missingSpaceBeforeDate': 'warn',
  'fetch.fsck.zeroPaddedFilemode': 'warn',
  // one pack file: fast, and its size is watched
  'fetch.unpackLimit': '1',
  'core.bigFileThreshold': '32m', // larger files are streamed instead of held in memory
  // no process stays behind
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'advice.detachedHead': 'false',
};

/** @param stallMs a transfer without a single byte for so long is given up */
export function gitEnvironment(
  { home, directory }: GitPlace,
  remote: PinnedRemote,
  {
    environment,
    stallMs,
    ssh,
  }: {
    readonly environment: NodeJS.ProcessEnv;
    readonly stallMs: number;
    /** Variables of an ssh session; without them nothing is reached over ssh. */
    readonly ssh?: NodeJS.ProcessEnv | undefined;
  },
): NodeJS.ProcessEnv {
  const header = authorization(remote);
  const pin = httpPin(remote);
  const config = Object.entries({
    ...CONFIG,
    'http.lowSpeedLimit': '1', // bytes a second: a server that packs sends keep-alives only
    'http.lowSpeedTime': String(Math.max(1, Math.ceil(stallMs / 1_000))),
    'remote.origin.url': remote.url,
    ...(pin === undefined ? {} : { 'http.curloptResolve': pin }),
    ...(header === undefined ? {} : { 'http.extraHeader': header }),
  });
  return {
    ...Object.fromEntries(PASSED_ON.map((name) => [name, environment[name]] as const).filter(([, value]) => value)),
    HOME: home,
    LC_ALL: 'C', // its words decide what a failure means
    ...(directory === undefined
      ? { GIT_CEILING_DIRECTORIES: '/' } // nor is one looked for
      : { GIT_DIR: `${directory}/.git`, GIT_WORK_TREE: directory }),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: ssh ? 'ssh' : 'https:http',
    ...ssh,
    GIT_TERMINAL_PROMPT: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_CONFIG_COUNT: String(config.length),
    ...Object.fromEntries(
      config.flatMap(([key, value], n) => [
        [`GIT_CONFIG_KEY_${n}`, key],
        [`GIT_CONFIG_VALUE_${n}`, value],
      ]),
    ),
  };
}

/** curl looks nothing up that it has been told. A host that is an address is connected to as it is. Source: CURLOPT_RESOLVE(3). */
function httpPin(remote: PinnedRemote): string | undefined {
  const { hostname, port } = endpointOf(remote);
  if (remote.transport !== 'http' || remote.address === undefined || isIP(bare(hostname)) !== 0) return undefined;
  return `${hostname}:${port}:${isIPv6(remote.address) ? `[${remote.address}]` : remote.address}`;
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');
