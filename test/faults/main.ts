import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runScenario, type Scenario } from './lib/scenario.js';
import { tableOf, type Result } from './lib/table.js';
import { SCENARIOS } from './scenarios/index.js';

/** `main.ts [scenario…] [--seed S] [--short] [--rounds N] [--seconds N] [--times N]`: the named scenarios, or all. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    short: { type: 'boolean' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    times: { type: 'string', default: '1' },
  },
});
const wanted = positionals.map(scenarioNamed);
const scenarios = wanted.length > 0 ? wanted : SCENARIOS;

const results: Result[] = [];
for (let time = 1; time <= Number(values.times); time++) await runAll(seedOf(time));
console.log(tableOf(results));
process.exit(results.some(({ isGood }) => !isGood) ? 1 : 0);

/** Given once, it is given for the first run; the others have seeds of their own that follow from it. */
function seedOf(time: number): string {
  const given = values.seed ?? randomBytes(4).toString('hex');
  return time === 1 || values.seed === undefined ? given : `${given}.${time}`;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

async function runAll(seed: string): Promise<void> {
  console.log(`seed ${seed}: the same again with npm run test:faults -- --seed ${seed}`);
  for (const scenario of scenarios) results.push(await resultOf(scenario, seed));
}

async function resultOf(scenario: Scenario, seed: string): Promise<Result> {
  const startedAt = performance.now();
  const said: string[] = [];
  const size = values.short ? 'short' : 'full';
  const numbers = { rounds: numberOf(values.rounds), seconds: numberOf(values.seconds) };
  const result = (isGood: boolean): Result => {
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log(`  ${isGood ? 'ok   ' : 'FAIL '} ${scenario.name}, ${seconds.toFixed(1)} s: ${said.join('; ')}`);
    return { scenario: scenario.name, seed, seconds, isGood };
  };
  try {
    await runScenario(scenario, { seed, size, ...numbers, say: (text) => void said.push(text) });
    return result(true);
  } catch (error) {
    const failed = result(false);
    console.log(String(error instanceof Error ? error.stack : error).replaceAll(/^/gm, '        '));
    return failed;
  }
}

function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found) return found;
  console.error(
    `No such scenario: ${name}. There are:\n${SCENARIOS.map((one) => `  ${one.name}: ${one.says}`).join('\n')}`,
  );
  return process.exit(1);
}
