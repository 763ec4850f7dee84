import type { StoredEvent } from '@slipway/event-store';

/**
 * What is left of a run, as plain values: the whole record, what is shown of it, what lies outside, and what was seen
 * from outside meanwhile. `readers/` take it from a real system.
 */
export interface History {
  /** Every event of every builds', logs' and tags' stream, in order of position. */
  readonly events: readonly StoredEvent[];
  readonly asked: readonly Asked[];
  readonly readModel: {
    /** Rows of each table, in the order of their keys. */
    readonly shown: Tables;
    /** The same, folded anew from the events. */
    readonly expected: Tables;
  };
  /** Digest by `<namespace>/<name>:<tag>`; absent: there is no such tag. `undefined`: nothing was pushed anywhere. */
  readonly registry: ReadonlyMap<string, string> | undefined;
  readonly leftovers: readonly Leftover[];
  /** In the order in which they were seen. */
  readonly checkpoints: readonly Checkpoint[];
  readonly answers: readonly Answer[];
  readonly deaths: readonly Death[];
  readonly deadLetters: readonly SetAside[];
  /** JetStream was wiped: lines may be lost, and the log must say so. */
  readonly mayLoseLines: boolean;
}

export type Tables = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** One wish for a build, repeated under its key until it was answered. */
export interface Asked {
  readonly key: string;
  /** What each 201 named; more than one when an answer was lost, or asked for again. */
  readonly buildIds: readonly string[];
  /** It was told to come later until it gave up. */
  readonly isRefused?: boolean;
}

/** What should be gone a minute after the last build has ended. */
export interface Leftover {
  readonly kind: 'container' | 'image' | 'workspace' | 'report' | 'job';
  /** The agent, the engine or the queue that it is in. */
  readonly where: string;
  readonly name: string;
}

export interface Checkpoint {
  readonly view: string;
  /** Of its tables: a rebuild makes another one. */
  readonly generation: number;
  readonly position: number;
}

/** One call of the API. */
export interface Answer {
  readonly call: string;
  /** `undefined`: no answer, since the connection was refused or broke. */
  readonly status: number | undefined;
  readonly retryAfter: string | null;
  readonly tookMs: number;
}

/** A process that ended though nobody wanted it to. */
export interface Death {
  readonly name: string;
  readonly code: number;
}

/** A message that nobody could take in. */
export interface SetAside {
  readonly subject: string;
  readonly why: string;
}

/** One thing that is not as it should be. */
export interface Finding {
  /** I1 to I8; `alive`: a process ended by itself; `dead letter`: a message was set aside, though it was sound. */
  readonly invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'alive' | 'dead letter';
  /** What it is about: a build, a row, a tag, a call. */
  readonly subject: string;
  readonly expected: string;
  readonly found: string;
}

export const describeFinding = ({ invariant, subject, expected, found }: Finding): string =>
  `${invariant} ${subject}\n  expected: ${expected}\n  found:    ${found}`;
