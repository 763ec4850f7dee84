import { Writable } from 'node:stream';
import { clip, harmless, openScreen } from './screen.js';

/** What a terminal of 80 columns would get. */
function terminal(env: NodeJS.ProcessEnv = {}) {
  const written: string[] = [];
  const output = Object.assign(
    new Writable({
      write: (chunk, _encoding, done) => {
        written.push(String(chunk));
        done();
      },
    }),
    { isTTY: true, columns: 80 },
  );
  return { screen: openScreen(output as unknown as NodeJS.WriteStream, env), written };
}

describe('the screen of the demo', () => {
  it('writes a line above the status, which stays the last line until it is taken away', () => {
    const { screen, written } = terminal();
    screen.status('half');
    screen.line('news');
    screen.status('all');
    screen.status('all'); // nothing new to draw
    screen.status(undefined);
    screen.line('end');
    expect(written.join('')).toBe('half\r\u001b[2Knews\nhalf\r\u001b[2Kall\r\u001b[2Kend\n');
  });

  it.each([{ NO_COLOR: '1' }, { CI: 'true' }, { TERM: 'dumb' }])('has no status with %j', (env) => {
    const { screen, written } = terminal(env);
    screen.status('half');
    screen.line('news');
    expect(written.join('')).toBe('news\n');
  });

  it('gives what outsiders wrote no power over the terminal', () =>
    expect(harmless('\u001b[31mred\u001b[2J\rback\u0007')).toBe('red back '));

  it('cuts what is too long for a line', () => {
    expect(clip('12345', 5)).toBe('12345');
    expect(clip('123456', 5)).toBe('1234…');
  });
});
