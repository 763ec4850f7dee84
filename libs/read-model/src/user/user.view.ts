import { userCodec } from '@slipway/event-store';
import { decodeEvents, foldTable, type View } from '../views/view.js';
import { userProjection, userTokenProjection } from './projection.js';
import { userTable, userTokenTable } from './table.js';

export const usersView: View = {
  name: 'user',
  version: 2,
  prefix: 'user', // what users did, and what they are to the system
  tables: [userTable, userTokenTable],
  project: async (unit, events) => {
    const decoded = decodeEvents(userCodec, events, unit.onPoison);
    const users = await foldTable(unit, userTable, userProjection, decoded);
    await foldTable(unit, userTokenTable, userTokenProjection, decoded);
    return [...users.keys()];
  },
};
