import type { BuildView } from '@slipway/contracts';
import type { SentEvent } from './lib/sent-events.js';
import { BASE, openHouse, type House } from './lib/house.js';

const LIMIT_MS = 90_000;

/**
 * A million lines from four stages that run side by side. Each stage says 5,000 lines (34 KB) every fifth of a second:
 * below the 200 KiB/s and 2 MiB a step at which BuildKit clips output by default, so that nothing is lost on any engine.
 */
const STAGES = 4;
const LINES_A_STAGE = 250_000;
const BURST = 5_000;
const TOTAL = STAGES * LINES_A_STAGE;
const MILLION_LIMIT_MS = 150_000;

const firstOf = (stage: number): number => stage * LINES_A_STAGE + 1;
const counting = (name: string): string =>
  Array.from({ length: STAGES }, (_, stage) => {
    const [from, to] = [firstOf(stage), firstOf(stage) + LINES_A_STAGE - BURST];
    return (
      `FROM ${BASE} AS s${stage}\n` +
      `RUN : ${name}; for n in $(seq ${from} ${BURST} ${to}); do seq $n $((n + ${BURST - 1})); sleep 0.2; done; touch /done\n`
    );
  }).join('') +
  `FROM scratch\n${Array.from({ length: STAGES }, (_, stage) => `COPY --from=s${stage} /done /${stage}\n`).join('')}`;

/** Checks numbered lines as they pass, so that none need be kept: of each stage the next one is due. */
class Count {
  readonly #next = Array.from({ length: STAGES }, (_, stage) => firstOf(stage));
  readonly wrong: string[] = [];
  lines = 0;

  line(message: string): void {
    this.lines += 1;
    if (!/^\d+$/.test(message)) return;
    const number = Number(message);
    const stage = Math.floor((number - 1) / LINES_A_STAGE);
    if (this.#next[stage] !== number && this.wrong.length < 5) this.wrong.push(`${number} after ${this.#next[stage]}`);
    this.#next[stage] = number + 1;
  }

  get counted(): number {
    return this.#next.reduce((sum, next, stage) => sum + next - firstOf(stage), 0);
  }
}

/** 100 lines, 30 ms apart. */
const TICKS = Array.from({ length: 100 }, (_, index) => `tick ${index + 1}`);
const ticking = (name: string): string =>
  `FROM ${BASE}\nRUN : ${name}; for i in $(seq ${TICKS.length}); do echo tick $i; sleep 0.03; done\n`;

describe('the log of a build', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ agents: 1 });
  }, LIMIT_MS);
  afterAll(() => house.stop(), LIMIT_MS);

  const request = async (dockerfile: (name: string) => string): Promise<BuildView> => {
    const name = house.freshName('log');
    const { cloneUrl } = await house.git.createRepository(name, { Dockerfile: dockerfile(name) });
    await house.api.createRepository(`e2e/${name}`, { cloneUrl });
    return house.api.requestBuild(`e2e/${name}`);
  };

  it(
    'is told live from its first line to its end, to whoever comes when, without a gap and without a line twice',
    async () => {
      const { build_id: id } = await request(ticking);
      const fromTheStart = collect(house.api.follow(id));
      const upToTheMiddle = collect(house.api.follow(id), ({ message }) => message === 'tick 40');
      const interrupted = await upToTheMiddle;
      const lastSeen = linesOf(interrupted).at(-1)?.id ?? NaN;
      expect((await house.api.build(id)).status).toBe('I'); // it is live, not history
      const [whole, resumed, lateComer] = await Promise.all([
        fromTheStart,
        collect(house.api.follow(id, lastSeen)),
        collect(house.api.follow(id)),
      ]);
      const { log_lines: total } = await house.api.ended(id);
      const log = await house.api.log(id);
      expect(log).toHaveLength(total ?? NaN);

      const lines = linesOf(whole);
      expect(lines.map((line) => line.id)).toEqual(log.map((_, index) => index + 1));
      expect(lines.map(({ message, level, time }) => ({ message, level, time }))).toEqual(log);
      expect(linesOf(lateComer)).toEqual(lines);
      expect([...linesOf(interrupted), ...linesOf(resumed)]).toEqual(lines);
      expect(lines.map(({ message }) => message).filter((message) => message.startsWith('tick'))).toEqual(TICKS);
      for (const events of [whole, resumed, lateComer])
        expect(events.at(-1)).toEqual({ kind: 'end', status: 'S', totalLines: total });
      const states = whole.flatMap((event) => (event.kind === 'status' ? [event.state] : []));
      expect(states).toEqual(expect.arrayContaining(['building', 'succeeded']));
    },
    LIMIT_MS,
  );

  it(
    'is told at once to whoever comes when all is over',
    async () => {
      const { build_id: id } = await request(() => 'FROM scratch\nCOPY . /\n');
      const { log_lines: total } = await house.api.ended(id);
      const events = await collect(house.api.follow(id));
      expect(linesOf(events)).toHaveLength(total ?? NaN);
      expect(events.at(-1)).toEqual({ kind: 'end', status: 'S', totalLines: total });
      const resumedAtTheEnd = await collect(house.api.follow(id, total ?? NaN));
      expect(linesOf(resumedAtTheEnd)).toEqual([]);
      expect(resumedAtTheEnd.at(-1)).toEqual({ kind: 'end', status: 'S', totalLines: total });
    },
    LIMIT_MS,
  );

  it(
    'has a line of 10 MB in pieces: it is no poison to anybody',
    async () => {
      const print = `for i in $(seq 10); do head -c 1000000 /dev/zero | tr '\\0' x; done; echo; echo after`;
      const { build_id: id } = await request((name) => `FROM ${BASE}\nRUN : ${name}; ${print}\n`);
      const build = await house.api.ended(id);
      const messages = (await house.api.log(id)).map(({ message }) => message);
      expect(build).toMatchObject({ status: 'S', log_lines: messages.length });
      expect(messages.find((message) => message.startsWith('[part 2] xxx'))).toBeDefined();
      expect(Math.max(...messages.map((message) => Buffer.byteLength(message)))).toBeLessThanOrEqual(65_536);
      expect((await house.api.call('/v1/dead-letters')).body).toMatchObject({ count: 0 });
    },
    LIMIT_MS,
  );

  it(
    'has a million lines, complete and in order, live, as text and as JSON',
    async () => {
      const { build_id: id } = await request(counting);
      const live = new Count();
      let isContiguous = true;
      let end: SentEvent | undefined;
      for await (const event of house.api.follow(id)) {
        end = event;
        if (event.kind !== 'line') continue;
        live.line(event.message);
        isContiguous &&= event.id === live.lines;
      }
      const build = await house.api.ended(id);
      const total = build.log_lines ?? NaN;
      expect(build.status).toBe('S');
      expect({ counted: live.counted, wrong: live.wrong, isContiguous }).toEqual({
        counted: TOTAL,
        wrong: [],
        isContiguous: true,
      });
      expect(end).toEqual({ kind: 'end', status: 'S', totalLines: total });
      expect(live.lines).toBe(total);

      const path = `/v1/builds/${id}/logs`;
      const text = countLines(await (await house.api.open(path, { accept: 'text/plain' })).text(), (line) => line);
      expect(text).toMatchObject({ lines: total, counted: TOTAL, wrong: [] });
      const json = countLines(await (await house.api.open(path)).text(), messageOf);
      expect(json).toMatchObject({ lines: total, counted: TOTAL, wrong: [] });
    },
    MILLION_LIMIT_MS,
  );
});

async function collect(
  events: AsyncGenerator<SentEvent>,
  isEnough: (line: SentLine) => boolean = () => false,
): Promise<readonly SentEvent[]> {
  const all: SentEvent[] = [];
  for await (const event of events) {
    all.push(event);
    if (event.kind === 'line' && isEnough(event)) break;
  }
  return all;
}

type SentLine = Extract<SentEvent, { kind: 'line' }>;
const linesOf = (events: readonly SentEvent[]): readonly SentLine[] => events.filter((event) => event.kind === 'line');

/** The array has one line a line, so it need not be parsed as a whole. */
const messageOf = (line: string): string =>
  (JSON.parse(line.replace(/^\[/, '').replace(/[,\]]$/, '')) as { message: string }).message;

function countLines(text: string, message: (line: string) => string): Count {
  const count = new Count();
  for (const line of text.trimEnd().split('\n')) count.line(message(line));
  return count;
}
