import type { BuildEvents, BuildRequest } from './builder.js';
import { dummyBuilder } from './dummy.builder.js';

const request = { buildId: 'b1' } as BuildRequest; // it looks at nothing else
const never = new AbortController().signal;

function recorder(): { events: BuildEvents; text: () => string; seen: string[] } {
  const seen: string[] = [];
  const written: Uint8Array[] = [];
  const events: BuildEvents = {
    step: ({ index, total }) => void seen.push(`step ${index}/${total}`),
    stepDone: ({ index }) => void seen.push(`done ${index}`),
    output: (bytes) => void written.push(bytes),
    line: (text) => void seen.push(text),
    contextSent: () => {},
  };
  return { events, seen, text: () => Buffer.concat(written).toString() };
}

describe('the dummy builder', () => {
  it('says first what it is', async () => {
    const { events, seen } = recorder();
    await dummyBuilder().build(request, events, never);
    expect(seen[0]).toContain('no engine runs');
  });

  it('makes the steps and lines that were asked for, each line numbered and as long', async () => {
    const { events, seen, text } = recorder();
    await dummyBuilder({ steps: 3, lines: 1_000, lineBytes: 100 }).build(request, events, never);
    expect(seen.slice(1)).toEqual(['step 1/3', 'done 1', 'step 2/3', 'done 2', 'step 3/3', 'done 3']);
    const lines = text().split('\n').slice(0, -1);
    expect(lines.map((line) => Number(line.split(' ')[2]))).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 1));
    expect(lines.every((line) => line.length === 99)).toBe(true);
  });

  it('gives one build the same ids each time, and another build others', async () => {
    const { events } = recorder();
    const builder = dummyBuilder();
    const id = async (buildId: string): Promise<string> =>
      (await builder.build({ ...request, buildId }, events, never)).imageId;
    expect(await id('b1')).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await id('b1')).toBe(await id('b1'));
    expect(await id('b1')).not.toBe(await id('b2'));
  });

  it('stops when it is told to, also while its reader waits', async () => {
    const abort = new AbortController();
    const { events } = recorder();
    const building = dummyBuilder({ lines: 1_000_000 }).build(
      request,
      { ...events, output: () => abort.abort(new Error('stop')) },
      abort.signal,
    );
    await expect(building).rejects.toThrow('stop');
  });
});
