import type { FailedStep } from './build-failure.js';
import type { EngineMessage } from './engine-messages.js';

/** Turns the messages of one build into events, and remembers how it ended. */
export interface BuildProgress {
  handle(message: EngineMessage): Promise<void>;
  /** After the last message. */
  finish(): Promise<void>;
  readonly imageId: string | undefined;
  /** The engine repeats itself: only its result is still to come. */
  readonly isStreamBroken: boolean;
  /** Nothing of use will follow, though the stream may go on. */
  readonly isOver: boolean;
  readonly error: EngineError | undefined;
  /** Id of the container that the engine runs a step in, where it says so. */
  readonly runningContainer: string | undefined;
}

/** What the engine said when it gave up. */
export interface EngineError {
  readonly message: string;
  /** What it was doing: a step's name, or `[internal] load metadata for …`. */
  readonly during: string | undefined;
  /** The step of the Dockerfile that failed. */
  readonly step: FailedStep | undefined;
}
