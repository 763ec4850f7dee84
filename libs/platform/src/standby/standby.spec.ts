import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '@slipway/testing';
import { silentLogger } from '../logger.js';
import { hasEnded, nameOfHolder } from './process-name.js';
import { standBy, type ActiveRecord, type ActiveRecords, type Standby, type Tenure } from './standby.js';

/** Long enough for a machine that is busy with other tests. */
const times = { beatMs: 50, doubtMs: 1_500, deadMs: 3_000, pollMs: 20 };
const LIMIT = { limitMs: 20_000 };

/** As the database keeps it. */
function sharedRecords(): ActiveRecords & { current: ActiveRecord; isAway: false | 'refuses' | 'hangs' } {
  const shared = {
    current: { holder: null, beat: 0 } as ActiveRecord,
    isAway: false as false | 'refuses' | 'hangs',
    read: async () => (await answering(), shared.current),
    take: async (seen: ActiveRecord, holder: string) => {
      await answering();
      if (seen.holder !== shared.current.holder || seen.beat !== shared.current.beat) return false;
      shared.current = { holder, beat: seen.beat + 1 };
      return true;
    },
    beat: async (holder: string) => {
      await answering();
      if (shared.current.holder !== holder) return false;
      shared.current = { holder, beat: shared.current.beat + 1 };
      return true;
    },
    leave: async (holder: string) => {
      await answering();
      if (shared.current.holder === holder) shared.current = { holder: null, beat: shared.current.beat + 1 };
    },
  };
  const answering = async (): Promise<void> => {
    if (shared.isAway === 'refuses') throw new Error('away');
    if (shared.isAway === 'hangs') await Promise.withResolvers<never>().promise;
  };
  return shared;
}

describe('of several', () => {
  let running: { standby: Standby; stop: () => Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    running = [];
  });

  function start(records: ActiveRecords) {
    const stopping = new AbortController();
    const tenures: Tenure[] = [];
    const work = (tenure: Tenure): Promise<void> => {
      tenures.push(tenure);
      return new Promise((resolve) => tenure.signal.addEventListener('abort', () => resolve(), { once: true }));
    };
    const standby = standBy({ records, work, logger: silentLogger, signal: stopping.signal, times });
    const stop = async (): Promise<void> => {
      stopping.abort();
      await standby.done;
    };
    running.push({ standby, stop });
    return { standby, tenures, stop };
  }

  it('one works and the others stand by, and know it', async () => {
    const records = sharedRecords();
    const all = [start(records), start(records), start(records)];
    await until(() => all.every(({ standby }) => standby.role() !== undefined), LIMIT);
    expect(all.filter(({ standby }) => standby.role() === 'active')).toHaveLength(1);
    const before = records.current.beat;
    await until(() => records.current.beat > before + times.deadMs / times.beatMs, LIMIT); // longer than a silence is waited for
    expect(all.flatMap(({ tenures }) => tenures)).toHaveLength(1);
  });

  it('another one takes over at once when the active one stops, and not before its work has ended', async () => {
    const records = sharedRecords();
    const first = start(records);
    await until(() => first.standby.role() === 'active', LIMIT);
    const second = start(records);
    await until(() => second.standby.role() === 'standby', LIMIT);
    await first.stop();
    expect(records.current.holder).not.toBe(first.tenures[0]?.holder);
    await until(() => second.standby.role() === 'active', LIMIT);
    expect(first.tenures[0]?.signal.aborted).toBe(true);
  });

  it('another one takes over from one that has fallen silent, whoever it is', async () => {
    const records = sharedRecords();
    records.current = { holder: 'somebody/elsewhere/1/1/1', beat: 7 };
    const startedAt = performance.now();
    const { standby } = start(records);
    await until(() => standby.role() === 'standby', LIMIT);
    await until(() => standby.role() === 'active', LIMIT);
    expect(performance.now() - startedAt).toBeGreaterThan(times.deadMs);
  });

  it('nobody waits for one whose process has ended on the same machine', async () => {
    const records = sharedRecords();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const named = nameOfHolder().split('/');
    const holder = [...named.slice(0, 2), String(child.pid), 'another start', randomUUID()].join('/');
    expect(hasEnded(holder)).toBe(true); // the number is taken, by somebody else
    records.current = { holder, beat: 7 };
    const { standby } = start(records);
    await until(() => standby.role() === 'active', LIMIT);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it.each(['refuses', 'hangs'] as const)(
    'one whose database %s stops before anybody takes over, and works again when it can',
    async (how) => {
      const records = sharedRecords();
      const { standby, tenures } = start(records);
      await until(() => standby.role() === 'active', LIMIT);
      records.isAway = how;
      const awayAt = performance.now();
      await until(() => tenures[0]?.signal.aborted === true, LIMIT);
      expect(performance.now() - awayAt).toBeGreaterThan(times.doubtMs - 2 * times.beatMs);
      expect(performance.now() - awayAt).toBeLessThan(times.deadMs);
      expect(() => tenures[0]?.assertCurrent()).toThrow('in doubt');
      records.isAway = false;
      await until(() => tenures.length === 2 && standby.role() === 'active', LIMIT);
    },
  );

  it('one that was taken over from stops', async () => {
    const records = sharedRecords();
    const { standby, tenures } = start(records);
    await until(() => standby.role() === 'active', LIMIT);
    records.current = { holder: 'somebody/elsewhere/1/1/1', beat: 1_000 };
    await until(() => standby.role() === 'standby', LIMIT);
    expect(() => tenures[0]?.assertCurrent()).toThrow('somebody else is active');
    expect(records.current.holder).toBe('somebody/elsewhere/1/1/1');
  });
});

describe('the name of a holder', () => {
  it('is of this process, which has not ended, and is another one each time', () => {
    const [one, other] = [nameOfHolder(), nameOfHolder()];
    expect(one).not.toBe(other);
    expect(hasEnded(one)).toBe(false);
  });

  it('tells nothing of other machines, and of what is no name', () => {
    expect(hasEnded(`another-boot/${nameOfHolder().split('/').slice(1).join('/')}`)).toBe(false);
    expect(hasEnded('')).toBe(false);
    expect(hasEnded('////')).toBe(false);
  });
});
