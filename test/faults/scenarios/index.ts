import type { Scenario } from '../lib/scenario.js';
import { killedAgents, pausedAgent } from './agents.js';
import { shiftedClocks } from './clocks.js';
import { crashes } from './crashes.js';
import { diskFull } from './disk.js';
import { drainUnderLoad } from './drain.js';
import { twice } from './messages.js';
import { badNetwork } from './network.js';
import { racingOrchestrators } from './orchestrators.js';
import { outages } from './outages.js';
import { poison } from './poison.js';
import { fiveTimesLoad } from './overload.js';
import { unreadLogStream } from './readers.js';
import { natsCluster, severalOfEverything } from './several.js';
import { standby } from './standby.js';
import { droppedReadModel, wipedNats } from './wiped.js';

/** Every scenario, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  crashes,
  killedAgents,
  pausedAgent,
  drainUnderLoad,
  racingOrchestrators,
  twice,
  badNetwork,
  poison,
  wipedNats,
  droppedReadModel,
  shiftedClocks,
  severalOfEverything,
  standby,
  natsCluster,
  outages,
  diskFull,
  fiveTimesLoad,
  unreadLogStream,
];

/** Those that `npm test` runs too, in their short size: what tells most in four minutes. */
export const SELECTION: readonly Scenario[] = [
  crashes,
  pausedAgent,
  drainUnderLoad,
  twice,
  poison,
  wipedNats,
  standby,
  diskFull,
];
