import { z } from 'zod';

const KEY = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) ([A-Za-z0-9+/]{40,2000}={0,2})(?: [^\r\n]*)?$/;

/** An OpenSSH line, as `ssh-keyscan` prints it after the name of the host. A comment is dropped. */
const HostKey = z
  .string()
  .trim()
  .max(3_000)
  .regex(KEY, 'must be an OpenSSH public key: "<type> <base64>"')
  .refine(saysItsType, 'the type in the key is not the one before it')
  .meta({ examples: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'] })
  .transform((line) => line.split(' ').slice(0, 2).join(' '));

/** Body of `PUT /v1/code-hosts/host-keys/{host}`: all keys that the host may show from now on. */
export const PinHostKeysBody = z.object({ keys: z.array(HostKey).min(1).max(10) });
export type PinHostKeysBody = z.infer<typeof PinHostKeysBody>;

/** Length in four bytes, then the type. Source: RFC 4253, 6.6 */
const LENGTH_BYTES = 4;

function saysItsType(line: string): boolean {
  const [, type = '', base64 = ''] = KEY.exec(line) ?? [];
  try {
    return atob(base64).slice(LENGTH_BYTES, LENGTH_BYTES + type.length) === type;
  } catch {
    return false; // not base64
  }
}
