import { viewCheckpoints } from './view-checkpoints.js';

/** Views whose checkpoints the test moves; counts how often they are asked. */
function views() {
  const positions = new Map([
    ['build', 0],
    ['log', 0],
  ]);
  let asked = 0;
  const checkpointOf = async (view: string): Promise<number> => {
    asked++;
    const position = positions.get(view);
    if (position === undefined) throw new Error('away');
    return position;
  };
  return { positions, asked: () => asked, ...viewCheckpoints(checkpointOf) };
}

describe('view checkpoints', () => {
  it('are passed at once by what they already passed', async () => {
    const { positions, pass } = views();
    positions.set('build', 7);
    expect(await Promise.all([pass('build', 7), pass('build', 3)])).toEqual([true, true]);
  });

  it('let the asker wait until they are passed, each view for itself', async () => {
    const { positions, pass } = views();
    const order: string[] = [];
    const build = pass('build', 5).then(() => order.push('build'));
    const log = pass('log', 5).then(() => order.push('log'));
    positions.set('log', 5);
    await log;
    positions.set('build', 6);
    await build;
    expect(order).toEqual(['log', 'build']);
  });

  it('are not waited for for ever', async () => {
    expect(await views().pass('build', 5)).toBe(false);
  });

  it('are not waited for when they cannot be read', async () => {
    const { positions, pass } = views();
    positions.clear();
    expect(await pass('build', 5)).toBe(false);
  });

  it('are asked for once, however many wait', async () => {
    const { positions, pass, asked } = views();
    const waiting = Array.from({ length: 1_000 }, () => pass('build', 5));
    expect(asked()).toBe(1);
    positions.set('build', 5);
    await Promise.all(waiting);
    expect(asked()).toBeLessThan(10);
  });

  it('are left alone when nobody waits, and asked again when somebody does', async () => {
    const { positions, pass, asked } = views();
    positions.set('build', 1);
    await pass('build', 1);
    const before = asked();
    expect(await pass('build', 1)).toBe(true);
    expect(asked()).toBe(before + 1);
  });
});
