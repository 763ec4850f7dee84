export { importBusyboxImage, type BaseImage } from './base-image/busybox-image.js';
export { countingIds } from './counting-ids.js';
export { startEventStoreServer, type EventStoreServerOptions } from './event-store-server.js';
export { fakeClock, type FakeClock } from './fake-clock.js';
export type { GitFile, GitFiles } from './git/git-history.js';
export {
  startGitServer,
  type GitRepository,
  type GitServer,
  type GitServerOptions,
  type RepositoryOptions,
} from './git/git-server.js';
export { startHangingServer, type HangingServer } from './git/hanging-server.js';
export { makePrivateCa, type PrivateCa } from './git/private-ca.js';
export { makeSshKey, startSshGitServer, type SshGitServer, type SshGitServerOptions } from './git/ssh-git-server.js';
export { spawnGuarded, type GuardedCommand, type GuardedProcess } from './guarded-process.js';
export { startNatsServer } from './nats-server.js';
export { postgresBinaries } from './postgres/postgres-binaries.js';
export { startPostgres } from './postgres/postgres-server.js';
export { serverProgram } from './program.js';
export { specify } from './specify.js';
export { temporaryDirectory, type TemporaryDirectory } from './temporary-directory.js';
export type { TestServer } from './test-server.js';
export { startTraceCollector, type CollectedSpan, type TraceCollector } from './trace-collector.js';
export { until } from './until.js';
