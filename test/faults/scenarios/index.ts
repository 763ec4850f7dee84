import type { Scenario } from '../lib/scenario.js';
import { killedAgents, pausedAgent } from './agents.js';
import { shiftedClocks } from './clocks.js';
import { crashes } from './crashes.js';
import { twice } from './messages.js';
import { badNetwork } from './network.js';
import { racingOrchestrators } from './orchestrators.js';
import { outages } from './outages.js';
import { poison } from './poison.js';
import { natsCluster, severalOfEverything } from './several.js';
import { standby } from './standby.js';
import { droppedReadModel, wipedNats } from './wiped.js';

/** Every scenario, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  crashes,
  killedAgents,
  pausedAgent,
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
];

/** Those that `npm test` runs too, in their short size. */
export const SELECTION: readonly Scenario[] = [crashes];
