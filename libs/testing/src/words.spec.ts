import { AppError, type Decider } from '@slipway/kernel';
import { countingIds } from './counting-ids.js';
import { fakeClock } from './fake-clock.js';
import { specify } from './specify.js';
import { until } from './until.js';

/** A door opens once, and never when it is locked. */
const door: Decider<'closed' | 'open' | 'locked', 'Open', 'Opened' | 'Locked'> = {
  initial: 'closed',
  decide: (_, state) => {
    if (state === 'locked') throw new AppError('ACCESS_DENIED');
    return state === 'open' ? [] : ['Opened'];
  },
  evolve: (_, event) => (event === 'Opened' ? 'open' : 'locked'),
};

describe('given, when, then', () => {
  const given = specify(door);

  it('passes when the rule holds', () => {
    given().when('Open').then('Opened');
    given('Opened').when('Open').thenNothing();
    given('Opened', 'Locked').when('Open').thenRejects('ACCESS_DENIED');
  });

  it('fails when it does not', () => {
    expect(() => given().when('Open').thenNothing()).toThrow();
    expect(() => given('Opened').when('Open').then('Opened')).toThrow();
    expect(() => given('Locked').when('Open').thenRejects('BUILD_CLOSED')).toThrow();
    expect(() => given().when('Open').thenRejects('ACCESS_DENIED')).toThrow();
  });
});

describe('what tests fake', () => {
  it('a clock stands still until it is moved', () => {
    const clock = fakeClock('2026-03-01T10:00:00.000Z');
    expect([clock.now(), clock.now()]).toEqual(['2026-03-01T10:00:00.000Z', '2026-03-01T10:00:00.000Z']);
    clock.advance(1_500);
    expect(clock.now()).toBe('2026-03-01T10:00:01.500Z');
  });

  it('ids count, and two series never meet', () => {
    const [one, other] = [countingIds(), countingIds(1)];
    expect([one(), one(), other()]).toEqual([
      '00000000-0000-4000-8000-000000000001',
      '00000000-0000-4000-8000-000000000002',
      '00000000-0001-4000-8000-000000000001',
    ]);
  });
});

describe('until', () => {
  it('gives back what the condition answered, when it did', async () => {
    let asked = 0;
    expect(await until(() => (++asked === 3 ? 'third' : undefined))).toBe('third');
    expect(await until(async () => asked)).toBe(3);
  });

  it('waits while the condition throws, and says in the end what it threw', async () => {
    let asked = 0;
    const failing = (): never => {
      throw new Error(`try ${++asked}`);
    };
    const error = await until(failing, { limitMs: 30, what: 'the door open' }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ message: 'the door open was not met in 30 ms', cause: { message: `try ${asked}` } });
    expect(asked).toBeGreaterThan(1);
  });
});
