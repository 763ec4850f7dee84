import type { Decider, ErrorCode } from '@slipway/kernel';

/** given(events).when(command).then(events) | .thenNothing() | .thenRejects(code). Never `await` the step with `then`. */
export const specify =
  <State, Command, Event>({ initial, decide, evolve }: Decider<State, Command, Event>) =>
  (...past: readonly Event[]) => ({
    when: (command: Command) => {
      const run = (): readonly Event[] => decide(command, past.reduce(evolve, initial));
      return {
        // oxlint-disable-next-line unicorn/no-thenable -- the word of the DSL; nobody awaits it
        then: (...expected: readonly Event[]): void => expect(run()).toEqual(expected),
        thenNothing: (): void => expect(run()).toEqual([]),
        thenRejects: (code: ErrorCode): void => expect(run).toThrow(expect.objectContaining({ code })),
      };
    },
  });
