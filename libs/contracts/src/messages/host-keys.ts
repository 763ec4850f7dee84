import { z } from 'zod';
import { PinHostKeysBody } from '../host-key/body.js';
import { HostName } from '../host-key/host-name.js';
import { HostKeysView } from '../host-key/view.js';

/** On `cmd.host-key.pin`. */
export const PinHostKeysCommand = z.object({ host: HostName, body: PinHostKeysBody });
export type PinHostKeysCommand = z.infer<typeof PinHostKeysCommand>;

/** On `cmd.host-key.unpin`: from now on the host may show what it has published, if that is known. */
export const UnpinHostKeysCommand = z.object({ host: HostName });
export type UnpinHostKeysCommand = z.infer<typeof UnpinHostKeysCommand>;

/** Answer to both, and on `query.host-key.list`: all hosts, by name. */
export const HostKeysReply = z.object({ hosts: z.array(HostKeysView) });
export type HostKeysReply = z.infer<typeof HostKeysReply>;
