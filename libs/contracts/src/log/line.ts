import { z } from 'zod';

export const LogLevel = z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR']);
export type LogLevel = z.infer<typeof LogLevel>;

/** One line of a build's log. Its number is its place: lines count from 1 over the whole build. */
export interface LogLine {
  /** Unix milliseconds. */
  readonly time: number;
  readonly level: LogLevel;
  /** Without line end. */
  readonly message: string;
}

/** A line as `GET /v1/builds/{id}/logs` prints it; `time` in Unix seconds. */
export const LogLineView = z.object({ message: z.string(), level: LogLevel, time: z.int() });
export type LogLineView = z.infer<typeof LogLineView>;
