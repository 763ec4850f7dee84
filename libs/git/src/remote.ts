import { SourceFailure } from './source-failure.js';

/** A clone URL, taken apart. */
export interface Remote {
  readonly transport: 'http' | 'ssh';
  /** Without credentials, for git. */
  readonly url: string;
  /** For people. */
  readonly name: string;
  readonly login: { readonly username: string; readonly password: string } | undefined;
}

/** A remote and where it is. */
export interface PinnedRemote extends Remote {
  /** The only address that git may reach it at; undefined: a proxy looks it up. */
  readonly address: string | undefined;
}

/** Of an ssh remote. */
export interface SshHost {
  /** As the API names it: `github.com`, `host:2222`. */
  readonly name: string;
  /** As known_hosts(5) does: `github.com`, `[host]:2222`. */
  readonly knownAs: string;
}

const SSH_PORT = '22';

const SCP_LIKE = /^[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:(?!:)[^\s:-]\S*$/;
// oxlint-disable-next-line no-control-regex -- they are what is refused
const BLANK_OR_CONTROL = /[\s\x00-\x1f\x7f]/;

/**
 * Lets https, http and ssh through, nothing else: `ext::`, `file:`, paths and options execute commands or read this machine.
 * @throws SourceFailure SOURCE_URL_REFUSED
 */
export function parseCloneUrl(cloneUrl: string): Remote {
  if (BLANK_OR_CONTROL.test(cloneUrl)) throw refused('it holds white space or control characters');
  if (SCP_LIKE.test(cloneUrl)) return { transport: 'ssh', url: cloneUrl, name: cloneUrl, login: undefined };
  const url = URL.canParse(cloneUrl) ? new URL(cloneUrl) : undefined;
  if (!url || !/^(https?|ssh):\/\//i.test(cloneUrl)) throw refused('it is not an https, http or ssh URL');
  if (url.hostname === '' || url.hostname.startsWith('-')) throw refused('it names no host');
  // One spelling, for git and for whoever looks it up: without the dot of the root.
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.replace(/\.+$/, '');
  if (url.search !== '' || url.hash !== '') throw refused('it has a query or a fragment');
  if (url.protocol === 'ssh:') return { transport: 'ssh', url: url.href, name: withoutLogin(url), login: undefined };
  return { transport: 'http', url: withoutLogin(url), name: withoutLogin(url), login: loginOf(url) };
}

/** Where a remote is reached; the port in digits. */
export function endpointOf({ transport, url }: Remote): { readonly hostname: string; readonly port: string } {
  const { protocol, hostname, port } = new URL(SCP_LIKE.test(url) ? `ssh://${url.replace(/:.*$/s, '')}` : url);
  const usual = transport === 'ssh' ? SSH_PORT : protocol === 'https:' ? '443' : '80';
  return { hostname: hostname.toLowerCase(), port: port === '' ? usual : port };
}

/** Where a remote is: a name, or an address. */
export const hostOf = (remote: Remote): string => endpointOf(remote).hostname;

/** Whose key an ssh remote shows; undefined: it is no ssh remote. */
export function sshHostOf(remote: Remote): SshHost | undefined {
  if (remote.transport !== 'ssh') return undefined;
  const { hostname, port } = endpointOf(remote);
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (port === SSH_PORT) return { name: hostname, knownAs: bare };
  return { name: `${hostname}:${port}`, knownAs: `[${bare}]:${port}` };
}

const refused = (why: string): SourceFailure =>
  new SourceFailure('SOURCE_URL_REFUSED', `The clone URL is refused: ${why}.`);

function withoutLogin(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}

function loginOf({ username, password }: URL): Remote['login'] {
  if (username === '' && password === '') return undefined;
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw refused('its user name or password is not percent-encoded properly');
  }
}

const basic = ({ username, password }: NonNullable<Remote['login']>): string =>
  Buffer.from(`${username}:${password}`).toString('base64');

/** The header that carries the login; never part of a URL or a command line, so that no message can show it. */
export const authorization = ({ login }: Remote): string | undefined => login && `Authorization: Basic ${basic(login)}`;

/** Takes the remote's secrets out of what git or the server says. Very short ones are no secrets and would garble text. */
export function maskLogin({ login }: Remote): (text: string) => string {
  if (!login) return (text) => text;
  const { username, password } = login;
  const secret = password === '' ? username : password; // a token may stand alone, as user name
  const forms = [basic(login), secret, encodeURIComponent(secret)].filter((form) => form.length >= 4);
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, '***'), text);
}
