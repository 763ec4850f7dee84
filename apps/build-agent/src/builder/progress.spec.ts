import type { BuildEvents } from './builder.js';
import { encodeTrace } from './buildkit-protocol.js';
import { BuildkitProgress } from './buildkit-progress.js';
import { ClassicProgress } from './classic-progress.js';
import { type EngineMessage, engineMessages } from './engine-messages.js';

/** Every event as one short text. */
function recorder(): { events: BuildEvents; seen: string[] } {
  const seen: string[] = [];
  const events: BuildEvents = {
    step: ({ index, total, name }) => void seen.push(`step ${index}/${total} ${name}`),
    stepDone: ({ index, cached, error }) =>
      void seen.push(`done ${index}${cached ? ' cached' : ''}${error ? ` ${error}` : ''}`),
    output: (bytes, stream, stepId) => void seen.push(`${stream} ${stepId} ${Buffer.from(bytes).toString()}`),
    line: (text, level) => void seen.push(`${level} ${text}`),
    contextSent: (bytes) => void seen.push(`sent ${bytes}`),
  };
  return { events, seen };
}

const trace = (response: object): EngineMessage => ({ id: 'moby.buildkit.trace', aux: encodeTrace(response) });
const at = (seconds: number): object => ({ seconds, nanos: 500_000_000 });

describe('progress of BuildKit', () => {
  const run = { digest: 'r', name: '[build 2/3] RUN make', started: at(1) };

  it('numbers steps as they start, knows the total beforehand, and tells which were cached', async () => {
    const { events, seen } = recorder();
    const progress = new BuildkitProgress(events);
    const copy = { digest: 'c', name: '[3/3] COPY a b' };
    await progress.handle(
      trace({ vertexes: [copy, run, { digest: 'i', name: '[internal] load metadata', started: at(1) }] }),
    );
    await progress.handle(
      trace({
        vertexes: [
          { ...copy, cached: true, started: at(2), completed: at(2) },
          { ...run, completed: at(3) },
        ],
      }),
    );
    await progress.handle({ id: 'moby.image.id', aux: { ID: 'sha256:1' } });
    expect(seen).toEqual([
      'step 1/2 [build 2/3] RUN make',
      'DEBUG [internal] load metadata',
      'step 2/2 [3/3] COPY a b',
      'done 2 cached',
      'done 1',
    ]);
    expect(progress.imageId).toBe('sha256:1');
  });

  it('names the step that failed and its exit code, not one that was cancelled with it', async () => {
    const { events } = recorder();
    const progress = new BuildkitProgress(events);
    const other = { digest: 'o', name: '[2/3] RUN sleep', started: at(1), completed: at(2), error: 'context canceled' };
    await progress.handle(
      trace({ vertexes: [other, { ...run, completed: at(2), error: 'executor failed: exit code: 7' }] }),
    );
    await progress.handle({ error: 'executor failed: exit code: 7' });
    expect(progress.error?.step).toEqual({ name: run.name, index: 2, exitCode: 7 });
  });

  it('reports output that the engine clipped, at once and with what is known at the end', async () => {
    const { events, seen } = recorder();
    const progress = new BuildkitProgress(events);
    const msg = Buffer.from('abc\n[output clipped, log limit 200KiB/s reached]\n');
    await progress.handle(trace({ vertexes: [run], logs: [{ vertex: 'r', stream: 2, msg }] }));
    await progress.handle(trace({ vertexes: [{ ...run, completed: at(2) }] }));
    expect(seen.filter((event) => event.startsWith('WARNING'))).toEqual([
      expect.stringContaining('its limit is 200KiB/s'),
      expect.stringContaining(`let ${msg.length} bytes through`),
    ]);
    expect(seen).toContain(`stderr r ${msg.toString()}`);
  });

  it('ends with the result when the engine repeats itself for ever, and says what is lost', async () => {
    const { events, seen } = recorder();
    const progress = new BuildkitProgress(events);
    await progress.handle(trace({ vertexes: [run] }));
    for (let repeated = 0; repeated < 3; repeated++) await progress.handle({ id: 'moby.buildkit.trace', aux: '' });
    expect([progress.isStreamBroken, progress.isOver]).toEqual([true, false]);
    await progress.handle({ error: 'executor failed: exit code: 3' });
    expect([progress.isOver, progress.error?.step?.exitCode]).toEqual([true, 3]);
    expect(seen.filter((event) => event.startsWith('WARNING'))).toHaveLength(1);
  });
});

describe('progress of the classic builder', () => {
  const id = 'abcdef012345';
  async function follow(...texts: string[]): Promise<{ seen: string[]; progress: ClassicProgress }> {
    const { events, seen } = recorder();
    const progress = new ClassicProgress(events);
    for (const stream of texts) await progress.handle({ stream });
    return { seen, progress };
  }

  it.each(['Removing', ' ---> Removed'])('takes output for output, whatever it looks like (%s …)', async (removing) => {
    const { seen } = await follow(
      'Step 1/3 : FROM a',
      '\n',
      ' ---> 123\n',
      'Step 2/3 : RUN x',
      '\n',
      ` ---> Running in ${id}\n`,
      'Step 3/3 : FAKE',
      ' ---> Using cache\n',
      `${removing} intermediate container 000000000000\n`,
      `${removing} intermediate container ${id}\n`,
      'Step 3/3 : RUN y',
      ' ---> Using cache\n',
    );
    expect(seen.filter((event) => /^(step|done)/.test(event))).toEqual([
      'step 1/3 [1/3] FROM a',
      'done 1',
      'step 2/3 [2/3] RUN x',
      'done 2',
      'step 3/3 [3/3] RUN y',
    ]);
    expect(seen).toContain('stdout step-2 Step 3/3 : FAKE');
  });

  it('warns when output forges the end of its own container', async () => {
    const { seen } = await follow(
      'Step 1/2 : FROM a',
      'Step 2/2 : RUN x',
      ` ---> Running in ${id}\n`,
      `Removing intermediate container ${id}\n`,
      ' ---> Running in ffffffffffff\n',
      'hidden',
      `Removing intermediate container ${id}\n`,
    );
    expect(seen.filter((event) => event.startsWith('WARNING'))).toEqual([expect.stringContaining('imitates')]);
  });

  it('ignores a step that is not the next one', async () => {
    const { seen } = await follow('Step 1/3 : FROM a', 'Step 3/3 : RUN y', 'Step 2/9 : RUN z');
    expect(seen.filter((event) => event.startsWith('step'))).toEqual(['step 1/3 [1/3] FROM a']);
  });

  it('names the failed step with its exit code, and the container of the moment', async () => {
    const { progress } = await follow('Step 1/2 : FROM a', 'Step 2/2 : RUN x', ` ---> Running in ${id}\n`);
    expect(progress.runningContainer).toBe(id);
    await progress.handle({ error: 'returned a non-zero code: 7', errorDetail: { code: 7 } });
    expect(progress.error?.step).toEqual({ name: '[2/2] RUN x', index: 2, exitCode: 7 });
  });
});

describe('messages of the engine', () => {
  it('survive any cut, also inside a character', async () => {
    const bytes = Buffer.from('{"stream":"é日\\n"}\r\n\n{"stream":"2"}\n{"stream":"last"}');
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      const source = (async function* () {
        yield* chunks;
      })();
      const texts: unknown[] = [];
      for await (const { stream } of engineMessages(source)) texts.push(stream);
      expect(texts).toEqual(['é日\n', '2', 'last']);
    }
  });
});
