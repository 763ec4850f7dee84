export { systemClock, type Clock } from './clock.js';
export type { Decider } from './decider.js';
export { Doubling } from './doubling.js';
export { AppError, ERRORS, type ErrorCode, type ErrorKind } from './errors.js';
