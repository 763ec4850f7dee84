import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../temporary-directory.js';

export interface PrivateCa {
  /** PEM file of the authority, for whoever is to trust it. */
  readonly caFile: string;
  /** Of a server on 127.0.0.1, signed by the authority. */
  readonly tls: { readonly key: string; readonly cert: string };
  readonly remove: () => void;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority that nobody knows, made by the machine's openssl. */
export function makePrivateCa(): PrivateCa {
  const { path, remove } = temporaryDirectory();
  const openssl = (...args: readonly string[]): void =>
    void execFileSync('openssl', args, { cwd: path, stdio: ['ignore', 'ignore', 'pipe'] });
  writeFileSync(join(path, 'names'), 'subjectAltName = IP:127.0.0.1, DNS:localhost\n');
  openssl('req', '-x509', ...KEY, '-days', '2', '-subj', '/CN=Test CA', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', ...KEY, '-subj', '/CN=127.0.0.1', '-keyout', 'server.key', '-out', 'server.csr');
  const sign = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'server.csr', ...sign, '-out', 'server.pem');
  const read = (name: string): string => readFileSync(join(path, name), 'utf8');
  return { caFile: join(path, 'ca.pem'), tls: { key: read('server.key'), cert: read('server.pem') }, remove };
}
