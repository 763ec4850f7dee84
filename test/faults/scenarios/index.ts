import type { Scenario } from '../lib/scenario.js';
import { crashes } from './crashes.js';

/** Every scenario, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [crashes];

/** Those that `npm test` runs too, in their short size. */
export const SELECTION: readonly Scenario[] = [crashes];
