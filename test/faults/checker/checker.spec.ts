import { randomUUID } from 'node:crypto';
import { encodeLogChunk } from '@slipway/contracts';
import type { StoredEvent } from '@slipway/event-store';
import { buildHistory, buildIdOf, logChunk, logHistory, stored, tagHistory } from '@slipway/read-model/fixtures';
import { checkHistory } from './check.js';
import type { Finding, History, Tables } from './history.js';
import { foldedRows } from './readers/read-model.js';

const DIGEST = `sha256:${'2'.padStart(64, '0')}`; // of what the fixtures' build 1 pushes

/** A build that succeeded, one that lost an agent before, one that failed, and one that was cancelled and removed. */
async function healthy(): Promise<History> {
  const chunks = { chunks: 2, lines: 2 };
  const events = await stored([
    logHistory(1, chunks),
    buildHistory(1),
    tagHistory(['alice', 'app'], 'latest', [1]),
    logHistory(2, chunks),
    buildHistory(2, { lost: 1, end: 'failed' }),
    logHistory(3, chunks),
    buildHistory(3, { end: 'cancelled', isRemoved: true }),
  ]);
  const rows = await foldedRows(events);
  return {
    events,
    asked: [
      ...[1, 2, 3].map((number) => ({ key: `key ${number}`, buildIds: [buildIdOf(number)] })),
      { key: 'key 4', buildIds: [], isRefused: true },
    ],
    readModel: { shown: rows, expected: rows },
    registry: new Map([
      [`alice/app:build-${buildIdOf(1)}`, DIGEST],
      [`alice/app:build-${buildIdOf(1)}.1`, DIGEST],
      ['alice/app:latest', DIGEST],
    ]),
    leftovers: [],
    checkpoints: [1, 4, 4, 9].map((position) => ({ view: 'build', generation: 1, position })),
    answers: [
      { call: 'GET /v1/builds', status: 200, retryAfter: null, tookMs: 3 },
      { call: 'POST /v1/builds', status: 503, retryAfter: '1', tookMs: 5_100 },
      { call: 'POST /v1/builds', status: 429, retryAfter: '2', tookMs: 4 },
      { call: 'GET /v1/builds/none', status: 404, retryAfter: null, tookMs: 4 },
      { call: 'POST /v1/builds', status: undefined, retryAfter: null, tookMs: 2 },
    ],
    deaths: [],
    deadLetters: [],
    mayLoseLines: false,
  };
}

/** Findings of the healthy history with something planted in it. */
async function planted(change: (history: History) => Partial<History>): Promise<readonly Finding[]> {
  const history = await healthy();
  return checkHistory({ ...history, ...change(history) });
}
const inEvents = (change: (events: readonly StoredEvent[]) => readonly StoredEvent[]) =>
  planted(({ events }) => ({ events: change(events) }));
const inRows = (change: (tables: Tables) => Tables) =>
  planted(({ readModel }) => ({ readModel: { ...readModel, shown: change(readModel.shown) } }));

const of =
  (type: string, number = 1) =>
  (event: StoredEvent): boolean =>
    event.type === type && event.stream.endsWith(buildIdOf(number));
const find = (events: readonly StoredEvent[], type: string, number = 1): StoredEvent => {
  const found = events.find(of(type, number));
  if (!found) throw new Error(`no ${type}`);
  return found;
};
/** The same event once more, at the end of everything. */
const again = (event: StoredEvent, data: object = {}): StoredEvent => ({
  ...event,
  id: randomUUID(),
  data: event.data instanceof Uint8Array ? event.data : { ...(event.data as object), ...data },
  position: 1_000,
});
const about = (findings: readonly Finding[]) =>
  findings.map(({ invariant, expected, found }) => `${invariant}: ${expected} / ${found}`);

describe('the history checker', () => {
  it('finds nothing in a healthy history', async () => expect(checkHistory(await healthy())).toEqual([]));

  it('finds a second terminal event', async () => {
    const findings = await inEvents((events) => [...events, again(find(events, 'BuildSucceeded'))]);
    expect(findings).toMatchObject([
      {
        invariant: 'I1',
        subject: `build ${buildIdOf(1)}`,
        found: expect.stringContaining('BuildSucceeded, BuildSucceeded'),
      },
    ]);
  });

  it('finds a build that never ended, one that was accepted and is nowhere, and two for one wish', async () => {
    expect(await inEvents((events) => events.filter((event) => !of('BuildFailed', 2)(event)))).toMatchObject([
      { invariant: 'I1', subject: `build ${buildIdOf(2)}`, expected: 'exactly one terminal event' },
    ]);
    const nowhere = randomUUID();
    const findings = await planted(({ asked }) => ({
      asked: [
        ...asked,
        { key: 'lost', buildIds: [nowhere] },
        { key: 'lost, then refused', buildIds: [nowhere], isRefused: true },
        { key: 'twice', buildIds: [buildIdOf(1), buildIdOf(2)] },
        { key: 'never', buildIds: [] },
      ],
    }));
    expect(findings).toMatchObject([
      { invariant: 'I1', subject: `build ${nowhere}`, found: 'no BuildRequested' },
      { invariant: 'I1', subject: `build ${nowhere}`, found: 'no BuildRequested' },
      { invariant: 'I1', subject: 'the request under key twice', expected: 'one build' },
      { invariant: 'I1', subject: 'the request under key never', found: 'it was never accepted' },
    ]);
  });

  it('finds something that happened after the end', async () => {
    const findings = await inEvents((events) => [...events, again(find(events, 'StepAdvanced'))]);
    expect(findings).toMatchObject([{ invariant: 'I1', expected: 'nothing after its end' }]);
  });

  it('finds an event of a stale attempt, and one that another agent said', async () => {
    const stale = await inEvents((events) =>
      events.map((event) =>
        of('SourceResolved', 2)(event) ? { ...event, data: { ...(event.data as object), attempt: 1 } } : event,
      ),
    );
    expect(about(stale)).toEqual(['I2: attempt 2 / attempt 1']);
    const other = await inEvents((events) =>
      events.map((event) =>
        of('SourceResolved', 2)(event) ? { ...event, metadata: { ...event.metadata, actor: 'agent:agent-1' } } : event,
      ),
    );
    expect(about(other)).toEqual(['I2: said by agent:agent-2, which has the lease / said by agent:agent-1']);
  });

  it('finds lines of a stale attempt in the log', async () => {
    const findings = await inEvents((events) => {
      const [first] = events.filter(of('LogAppended'));
      return events.map((event) =>
        event === first
          ? { ...event, metadata: { ...event.metadata, log: { ...(event.metadata['log'] as object), attempt: 2 } } }
          : event,
      );
    });
    expect(about(findings)).toEqual(['I2: attempt 2 or later / attempt 1']);
  });

  it('finds a lost line: a chunk that is gone, or that holds less than it says', async () => {
    const gone = await inEvents((events) => events.filter((event) => event !== events.find(of('LogAppended'))));
    expect(about(gone)).toEqual(['I3: line 1 next / line 3', 'I3: 4 lines, as its end says / 2 lines']);
    const short = await inEvents((events) =>
      events.map((event) => (of('LogAppended')(event) ? { ...event, data: logChunk(1, 1) } : event)),
    );
    expect(about(short)).toEqual(Array(2).fill('I3: a chunk of 2 lines, as it says / 1 lines'));
  });

  it('finds a line that came after the end, and one that came twice', async () => {
    const late = await inEvents((events) => {
      const last = events.filter(of('LogAppended')).at(-1);
      return [...events.filter((event) => event !== last), ...(last ? [{ ...last, position: 1_000 }] : [])];
    });
    expect(about(late)).toEqual([expect.stringMatching(/^I3: nothing after the end at \d+ \/ LogAppended at 1000$/)]);
    const twice = await inEvents((events) =>
      events.flatMap((event) => (event === events.find(of('LogAppended')) ? [event, event] : [event])),
    );
    expect(about(twice)).toEqual(['I3: line 3 next / line 1', 'I3: 4 lines, as its end says / 6 lines']);
  });

  it('finds a row that differs from the fold, one that is missing and one too many', async () => {
    const changed = await inRows((tables) => ({
      ...tables,
      build: (tables['build'] ?? []).map((row) => (row['build_id'] === buildIdOf(1) ? { ...row, status: 'I' } : row)),
    }));
    expect(changed).toEqual([
      { invariant: 'I4', subject: `row ${buildIdOf(1)} of build`, expected: '{"status":"S"}', found: '{"status":"I"}' },
    ]);
    const missing = await inRows((tables) => ({ ...tables, log_chunk: (tables['log_chunk'] ?? []).slice(1) }));
    expect(missing).toMatchObject([
      { invariant: 'I4', subject: expect.stringMatching(/^row \S+ 1 of log_chunk$/), found: 'no such row' },
    ]);
    const surplus = await inRows((tables) => ({ ...tables, log: [...(tables['log'] ?? []), { build_id: 'x' }] }));
    expect(surplus).toMatchObject([{ invariant: 'I4', subject: 'row x of log', expected: 'no such row' }]);
  });

  it('finds a wrong digest under an own tag or a public one, and a tag that is not there', async () => {
    for (const tag of ['latest', `build-${buildIdOf(1)}`, `build-${buildIdOf(1)}.1`]) {
      const subject = `alice/app:${tag}`;
      const wrong = await planted(({ registry }) => ({
        registry: new Map([...(registry ?? []), [subject, 'sha256:other']]),
      }));
      expect(wrong).toEqual([{ invariant: 'I5', subject, expected: DIGEST, found: 'sha256:other' }]);
    }
    const absent = await planted(() => ({ registry: new Map([['alice/app:latest', DIGEST]]) }));
    expect(absent).toMatchObject([
      { invariant: 'I5', subject: `alice/app:build-${buildIdOf(1)}`, found: 'no such tag' },
      { invariant: 'I5', subject: `alice/app:build-${buildIdOf(1)}.1`, found: 'no such tag' },
    ]);
    expect(await planted(() => ({ registry: undefined }))).toEqual([]);
  });

  it.each(['container', 'image', 'workspace', 'report', 'job'] as const)('finds a %s that was left', async (kind) =>
    expect(await planted(() => ({ leftovers: [{ kind, where: 'agent-1', name: 'x' }] }))).toMatchObject([
      { invariant: 'I6', subject: `${kind} x`, found: 'still in agent-1' },
    ]),
  );

  it('finds a checkpoint that went back', async () => {
    const back = await planted(({ checkpoints }) => ({
      checkpoints: [...checkpoints, { view: 'build', generation: 1, position: 8 }],
    }));
    expect(back).toMatchObject([
      {
        invariant: 'I7',
        subject: 'the checkpoint of build',
        expected: '9 of generation 1 or later',
        found: '8 of generation 1',
      },
    ]);
  });

  it('finds an answer that is no answer, and one that took too long', async () => {
    const answer = { call: 'GET /v1/builds', status: 500, retryAfter: null, tookMs: 1 };
    const findings = await planted(() => ({
      answers: [
        answer,
        { ...answer, status: 503 },
        { ...answer, status: 429 },
        { ...answer, status: 200, tookMs: 20_000 },
      ],
    }));
    expect(about(findings)).toEqual([
      'I8: 2xx, 4xx or 503, 429 and 503 with Retry-After / 500, Retry-After null',
      'I8: 2xx, 4xx or 503, 429 and 503 with Retry-After / 503, Retry-After null',
      'I8: 2xx, 4xx or 503, 429 and 503 with Retry-After / 429, Retry-After null',
      'I8: an answer in 15000 ms / 20000 ms',
    ]);
  });

  it('finds a process that ended by itself', async () =>
    expect(await planted(() => ({ deaths: [{ name: 'gateway', code: 1 }] }))).toMatchObject([
      { invariant: 'alive', subject: 'gateway' },
    ]));

  it('finds a message that was set aside', async () =>
    expect(
      await planted(() => ({ deadLetters: [{ subject: 'event.3.x.ended', why: 'TypeError: undefined' }] })),
    ).toMatchObject([{ invariant: 'dead letter', subject: 'event.3.x.ended' }]));

  it('finds words of the log itself about lost lines, where none may be lost', async () => {
    const message = '3 log lines were lost on their way';

    const data = encodeLogChunk([
      { time: 1, level: 'WARNING', message },
      { time: 1, level: 'INFO', message: 'x' },
    ]);
    const change = (events: readonly StoredEvent[]) =>
      events.map((event) => (event === events.find(of('LogAppended')) ? { ...event, data } : event));
    expect(about(await inEvents(change))).toEqual([`I3: every line / ${message}`]);
    expect(await planted(({ events }) => ({ events: change(events), mayLoseLines: true }))).toEqual([]);
  });

  it('finds output that is not what the builder wrote, though the numbers are right', async () => {
    const line = (number: number) => ({ time: 1, level: 'INFO' as const, message: `dummy line ${number} ...` });
    const data = encodeLogChunk([line(1), line(3)]);
    const findings = await inEvents((events) =>
      events.map((event) => (event === events.find(of('LogAppended')) ? { ...event, data } : event)),
    );
    expect(about(findings)).toEqual(['I3: output line 2 / output line 3']);
  });
});
