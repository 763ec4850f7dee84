import { randomBytes } from 'node:crypto';
import { runScenario } from './lib/scenario.js';
import { SELECTION } from './scenarios/index.js';

const LIMIT_MS = 240_000;
const seed = process.env['FAULTS_SEED'] ?? randomBytes(4).toString('hex');

describe(`after faults (seed ${seed}) all invariants hold`, () => {
  it.each(SELECTION)(
    '$name: $says',
    (scenario) => runScenario(scenario, { seed, size: 'short', say: () => {} }),
    LIMIT_MS,
  );
});
