import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runScenario, type Scenario } from './lib/scenario.js';
import { SCENARIOS } from './scenarios/index.js';

/** `main.ts [scenario…] [--seed S] [--short] [--times N]`: the named scenarios, or all. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, short: { type: 'boolean' }, times: { type: 'string', default: '1' } },
});
const wanted = positionals.map(scenarioNamed);
const scenarios = wanted.length > 0 ? wanted : SCENARIOS;

let failures = 0;
for (let time = 1; time <= Number(values.times); time++) failures += await runAll(seedOf(time));
process.exit(failures > 0 ? 1 : 0);

/** Given once, it is given for the first run; the others have seeds of their own that follow from it. */
function seedOf(time: number): string {
  const given = values.seed ?? randomBytes(4).toString('hex');
  return time === 1 || values.seed === undefined ? given : `${given}.${time}`;
}

/** Answers how many failed. */
async function runAll(seed: string): Promise<number> {
  console.log(`seed ${seed}: the same again with npm run test:faults -- --seed ${seed}`);
  const failed: string[] = [];
  const startedAt = performance.now();
  for (const scenario of scenarios) if (!(await isGood(scenario, seed))) failed.push(scenario.name);
  const verdict = failed.length === 0 ? 'all good' : `failed: ${failed.join(', ')}`;
  console.log(`seed ${seed}: ${verdict}, ${seconds(startedAt)}\n`);
  return failed.length;
}

async function isGood(scenario: Scenario, seed: string): Promise<boolean> {
  const startedAt = performance.now();
  const said: string[] = [];
  try {
    await runScenario(scenario, { seed, size: values.short ? 'short' : 'full', say: (text) => void said.push(text) });
    console.log(`  ok    ${scenario.name}, ${seconds(startedAt)}: ${said.join('; ')}`);
    return true;
  } catch (error) {
    console.log(`  FAIL  ${scenario.name}, ${seconds(startedAt)}: ${said.join('; ')}`);
    console.log(String(error instanceof Error ? error.stack : error).replaceAll(/^/gm, '        '));
    return false;
  }
}

function seconds(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
}

function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found) return found;
  console.error(
    `No such scenario: ${name}. There are:\n${SCENARIOS.map((one) => `  ${one.name}: ${one.says}`).join('\n')}`,
  );
  return process.exit(1);
}
