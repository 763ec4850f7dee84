import { sizes } from './options.js';

describe('the sizes of a bench', () => {
  it('are its defaults but for what is said', () => {
    expect(sizes({ agents: 1_000, builds: 10_000 }, ['--agents', '100'])).toEqual({ agents: 100, builds: 10_000 });
    expect(sizes({ minutes: 30 }, ['--minutes=0.5'])).toEqual({ minutes: 0.5 });
  });

  it.each([[['--agents', 'many']], [['--agents', '0']], [['--agent', '5']], [['5']]])('are refused: %j', (args) => {
    expect(() => sizes({ agents: 10 }, args)).toThrow();
  });
});
