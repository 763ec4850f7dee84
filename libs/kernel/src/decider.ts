/**
 * The rules of one kind of thing, pure: `decide` says which events a command makes of a state, `evolve` folds an event
 * into the state. An empty answer means the command is already true; a broken rule throws an `AppError`.
 * Time, ids and randomness come in with the command.
 */
export interface Decider<State, Command, Event> {
  readonly initial: State;
  readonly decide: (command: Command, state: State) => readonly Event[];
  readonly evolve: (state: State, event: Event) => State;
}
