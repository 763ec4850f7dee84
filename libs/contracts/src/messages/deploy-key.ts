import { z } from 'zod';
import { HostName } from '../host-key/host-name.js';
import { Namespace, RepoName } from '../names.js';
import { Lease } from './agent.js';

/** X25519, 32 bytes as base64; the private half is forgotten once the answer is there. */
export const Reader = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'not an X25519 public key');

/** On `cmd.build.deploy-key`: the holder of a build asks for what opens its source over ssh. */
export const DeployKeyRequest = z.object({ ...Lease.shape, host: HostName, reader: Reader });
export type DeployKeyRequest = z.infer<typeof DeployKeyRequest>;

/** On `query.repository.deploy-key`, between services: the same, once it is known that the lease is current. */
export const DeployKeyQuery = z.object({
  namespace: Namespace,
  repo_name: RepoName,
  configId: z.int().positive(),
  host: HostName,
  reader: Reader,
});
export type DeployKeyQuery = z.infer<typeof DeployKeyQuery>;

/** Parts are base64. Only the reader that was named opens it. */
export const SealedBox = z.object({ sender: Reader, iv: z.string(), tag: z.string(), ciphertext: z.string() });
export type SealedBox = z.infer<typeof SealedBox>;

export const DeployKeyReply = z.object({
  /** OpenSSH format, one line. */
  publicKey: z.string(),
  /** The private half; the box is about the public one. */
  box: SealedBox,
  /** The only keys that the host may show, `<type> <base64>`. */
  hostKeys: z.array(z.string()),
});
export type DeployKeyReply = z.infer<typeof DeployKeyReply>;
