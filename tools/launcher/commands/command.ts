/** What a command gets: the arguments after its name, and a signal that is aborted when it has to stop. */
export interface CommandContext {
  readonly args: readonly string[];
  readonly signal: AbortSignal;
}

/** Resolves to the exit code. */
export type Command = (context: CommandContext) => Promise<number>;
