import { eventIdOf, uuidV5 } from './event-id.js';

const COMMAND = '5d3c1c2e-6c4b-4f5e-9a52-0d1b6a1f2c3d';

describe('event id', () => {
  it('is the same for the same event of the same command, for ever', () => {
    expect(eventIdOf(COMMAND, 0)).toBe('1ffdb4c3-cc9c-519e-bf96-dcfae1a07b89');
    expect(eventIdOf(COMMAND, 1)).toBe('bf7ffb75-cf3c-590d-ad19-f07d264c1891');
  });

  it('differs by command and by index', () => {
    const ids = [COMMAND, COMMAND.replace('5', '6')].flatMap((command) => [0, 1, 11].map((n) => eventIdOf(command, n)));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is a UUID of version 5 whatever the name', () => {
    const names = ['', 'a', 'ü'.repeat(1_000), ...Array.from({ length: 200 }, (_, n) => String(n))];
    for (const name of names)
      expect(uuidV5(name)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
