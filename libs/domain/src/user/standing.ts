import type { UserEvent } from '@slipway/contracts';
import { AppError, type Decider } from '@slipway/kernel';

/** What a user is to the system. */
export interface Standing {
  readonly isAdmin: boolean;
  readonly isActive: boolean;
}

/** By the names of users, as far as it was ever said; all others are as they were registered. */
export type Standings = ReadonlyMap<string, Standing>;

export type StandingCommand =
  /** Counts an administrator who has just been registered. Says nothing once anything was said of them. */
  | {
      readonly type: 'NoteAdministrator';
      readonly data: { readonly name: string; readonly by: string | null; readonly at: string };
    }
  | {
      readonly type: 'ChangeStanding';
      readonly data: Partial<Standing> & {
        readonly name: string;
        /** What the user was registered as: counts while nothing was said of them. */
        readonly registered: Pick<Standing, 'isAdmin'>;
        readonly by: string;
        readonly at: string;
      };
    };

/** Of all users in one event stream, for one rule: somebody active is an administrator. */
export const standings: Decider<Standings, StandingCommand, UserEvent> = {
  initial: new Map(),

  decide: (command, state) => {
    switch (command.type) {
      case 'NoteAdministrator':
        if (state.has(command.data.name)) return [];
        return [{ type: 'UserStandingChanged', data: { ...command.data, isAdmin: true, isActive: true } }];
      case 'ChangeStanding':
        return change(command.data, state);
    }
  },

  evolve: (state, { type, data }) =>
    type === 'UserStandingChanged'
      ? new Map(state).set(data.name, { isAdmin: data.isAdmin, isActive: data.isActive })
      : state,
};

/** The standing of a user, be it said or not. */
export const standingOf = (
  state: Standings,
  { name, isAdmin }: { readonly name: string; readonly isAdmin: boolean },
): Standing => state.get(name) ?? { isAdmin, isActive: true };

type Data<T extends StandingCommand['type']> = Extract<StandingCommand, { type: T }>['data'];

function change(
  { name, registered, by, at, ...wanted }: Data<'ChangeStanding'>,
  state: Standings,
): readonly UserEvent[] {
  const before = standingOf(state, { name, ...registered });
  const { isAdmin = before.isAdmin, isActive = before.isActive } = wanted;
  if (before.isAdmin === isAdmin && before.isActive === isActive) return [];
  const others = [...state].filter(([other]) => other !== name).map(([, standing]) => standing);
  if (counts(before) && !counts({ isAdmin, isActive }) && !others.some(counts))
    throw new AppError('LAST_ADMINISTRATOR', { username: name });
  return [{ type: 'UserStandingChanged', data: { name, isAdmin, isActive, by, at } }];
}

const counts = ({ isAdmin, isActive }: Standing): boolean => isAdmin && isActive;
