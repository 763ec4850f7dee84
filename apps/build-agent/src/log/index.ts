export { AttemptLog, type AttemptLogOptions, type LogStream, type Mask } from './attempt-log.js';
export { LogBuffer, type LogChunk, type PublishChunk } from './log-buffer.js';
export { LogLimiter, type LogLimits } from './log-limiter.js';
