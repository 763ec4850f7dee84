import { decodeLogChunk, LOG_CHUNK_HEADER, LogChunkHeader } from '@slipway/contracts';
import { connectNats } from '@slipway/messaging';
import { atLeast, atMost, bench } from './lib/bench.js';
import { inDummyHouse, type DummyHouse } from './lib/dummy-house.js';
import { peakRssMb } from './lib/memory.js';
import { percentile } from './lib/statistics.js';

/** One agent and one build node a size of log, so that each agent's memory tells of one size. */
const SIZES = [
  { node: 'tenth', lines: 100_000 },
  { node: 'million', lines: 1_000_000 },
] as const;
/** Says a line every 10 ms or so for 10 s. */
const PACED = { node: 'paced', lines: 1_000, stepMs: 10 } as const;
const LIMIT_MS = 300_000;

await bench('logs', (b) => {
  const agents = [...SIZES, PACED];
  const env = {
    'build-orchestrator': { BUILD_NODES: agents.map(({ node }) => node).join(',') },
    ...Object.fromEntries(agents.map((agent, index) => [`build-agent-${index + 1}`, agentEnv(agent)])),
  };
  return inDummyHouse({ agents: agents.length, env }, async (house) => {
    for (const { node } of agents) await house.createRepository(`bench/${node}`, node);
    b.progress(`${PACED.lines.toLocaleString('en-US')} lines at a steady pace, followed live`);
    const latencies = await lineLatenciesMs(house);
    const unit = 'ms';
    b.metric({ name: 'line to live reader, p50', value: percentile(latencies, 0.5), unit, goal: atMost(100) });
    b.metric({ name: 'line to live reader, p99', value: percentile(latencies, 0.99), unit });

    for (const [index, { node, lines }] of SIZES.entries()) {
      const count = lines.toLocaleString('en-US');
      b.progress(`${count} lines as fast as they are taken`);
      const { rate, missing } = await throughput(house, node, lines);
      const goal = atLeast(20_000);
      b.metric({ name: `builder to readable, ${count} lines`, value: rate, unit: 'lines/s', goal });
      b.metric({ name: `lines lost of ${count}`, value: missing, unit: 'lines', goal: atMost(0) });
      const value = peakRssMb(house.system.pid(`build-agent-${index + 1}`));
      b.metric({ name: `agent memory, ${count} lines, maximum`, value, unit: 'MB', goal: atMost(200) });
    }
  });
});

function agentEnv({ node, lines, stepMs = 0 }: { node: string; lines: number; stepMs?: number }) {
  const paced = stepMs > 0 ? { DUMMY_STEPS: String(lines), DUMMY_STEP_MS: String(stepMs) } : {};
  return { BUILD_NODE: node, DUMMY_LINES: String(lines), LOG_MAX_BYTES: String(1024 ** 3), ...paced };
}

/** From the POST until the API says that the build is over, which it does when its whole log can be read. */
async function throughput(
  { api }: DummyHouse,
  node: string,
  lines: number,
): Promise<{ rate: number; missing: number }> {
  const startedAt = performance.now();
  const { build_id: id } = await api.requestBuild(`bench/${node}`);
  const { status, failure } = await api.ended(id, LIMIT_MS);
  const seconds = (performance.now() - startedAt) / 1_000;
  if (status !== 'S') throw new Error(`The build ended with ${status}: ${failure?.message}`);
  return { rate: lines / seconds, missing: lines - (await linesInOrder(api, id)) };
}

/** Reads the whole log and counts the builder's lines that stand where they should. */
async function linesInOrder(api: DummyHouse['api'], buildId: string): Promise<number> {
  const { body } = await api.open(`/v1/builds/${buildId}/logs`, { accept: 'text/plain' });
  if (!body) throw new Error('No log');
  let found = 0;
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith(`dummy line ${found + 1} `)) found += 1;
  }
  return found;
}

/**
 * From the agent's reading of a line to its arrival at a client that follows. The agent's time of each line is in the
 * chunk it sends, which is listened to as well; both are the clock of this machine.
 */
async function lineLatenciesMs({ system, api }: DummyHouse): Promise<readonly number[]> {
  const nats = await connectNats({ url: system.urls.nats, name: 'bench' });
  const said = new Map<number, number>();
  nats.subscribe('log.>', {
    callback: (error, { data, headers }) => {
      if (error) throw error;
      const { firstLine } = LogChunkHeader.parse(JSON.parse(headers?.get(LOG_CHUNK_HEADER) ?? ''));
      decodeLogChunk(data).forEach(({ time }, index) => said.set(firstLine + index, time));
    },
  });
  await nats.flush();
  const { build_id: id } = await api.requestBuild(`bench/${PACED.node}`);
  const arrived = new Map<number, number>();
  for await (const event of api.follow(id)) if (event.kind === 'line') arrived.set(event.id, Date.now());
  await nats.close();
  return [...arrived].map(([line, at]) => at - (said.get(line) ?? NaN));
}
