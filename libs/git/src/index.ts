export { gitEnvironment, type GitPlace } from './git-environment.js';
export {
  checkoutFailure,
  isMissingRef,
  isOtherFormat,
  isRefusedById,
  isUnknownToServer,
  remoteFailure,
} from './git-failure.js';
export { runGit, type GitRun } from './git-process.js';
export { lsRemote, type LsRemoteOptions, type RemoteRefEntry } from './ls-remote.js';
export { pinRemote, type PinOptions } from './pin-remote.js';
export { hostOf, maskLogin, parseCloneUrl, sshHostOf, type PinnedRemote, type Remote, type SshHost } from './remote.js';
export { withSshSession, type DeployKey, type SshSessionOptions } from './ssh-session.js';
export { SourceFailure, type SourceFailureCode } from './source-failure.js';
