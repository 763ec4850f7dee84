import { z } from 'zod';

const limit = z.int().min(1).nullable();

/** What an administrator of the system grants one namespace; null: what the environment says. */
export const NamespaceQuota = z.object({
  queuedBuilds: limit,
  runningBuilds: limit,
  buildMinutes: limit,
  logBytes: limit,
});
export type NamespaceQuota = z.infer<typeof NamespaceQuota>;

const granted = (what: string) => limit.default(null).describe(`${what} null: the limit of the environment.`);

/** Body of `PUT /v1/namespaces/{namespace}/quota`. What is left out is null. */
export const QuotaBody = z.object({
  queued_builds: granted('Builds that may wait at once.'),
  running_builds: granted('Builds that may run at once.'),
  build_minutes: granted('Minutes that builds may run in a calendar month (UTC).'),
  log_bytes: granted('Bytes that logs may take in a calendar month (UTC), as they are stored.'),
});
export type QuotaBody = z.infer<typeof QuotaBody>;
