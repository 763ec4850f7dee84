import type { RobotEvent, Role } from '@slipway/contracts';
import { AppError, type Decider } from '@slipway/kernel';

/** The robots of a namespace: what each one's token is, by their names. */
export type Robots = ReadonlyMap<string, { readonly tokenId: string }>;

interface Named {
  readonly namespace: string;
  readonly label: string;
  readonly by: string;
  readonly at: string;
}

export type RobotCommand =
  | {
      readonly type: 'CreateRobot';
      readonly data: Named & {
        readonly role: Role;
        readonly tokenId: string;
        readonly tokenHash: string;
        readonly expiresAt?: string;
      };
    }
  | { readonly type: 'RemoveRobot'; readonly data: Named };

const MAX_ROBOTS = 100;

export const robots: Decider<Robots, RobotCommand, RobotEvent> = {
  initial: new Map(),

  decide: (command, state) => {
    switch (command.type) {
      case 'CreateRobot':
        return create(command.data, state);
      case 'RemoveRobot':
        if (!state.has(command.data.label)) throw new AppError('ROBOT_NOT_FOUND', { name: command.data.label });
        return [{ type: 'RobotRemoved', data: command.data }];
    }
  },

  evolve: (state, { type, data }) => {
    const rest = new Map(state);
    rest.delete(data.label);
    return type === 'RobotCreated' ? rest.set(data.label, { tokenId: data.tokenId }) : rest;
  },
};

function create(data: Extract<RobotCommand, { type: 'CreateRobot' }>['data'], state: Robots): readonly RobotEvent[] {
  const { namespace, label: name, tokenId } = data;
  const known = state.get(name);
  if (known?.tokenId === tokenId) return [];
  if (known) throw new AppError('ROBOT_EXISTS', { name });
  if (state.size >= MAX_ROBOTS) throw new AppError('ROBOT_LIMIT_REACHED', { namespace, limit: MAX_ROBOTS });
  return [{ type: 'RobotCreated', data }];
}
