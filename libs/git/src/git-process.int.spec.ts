import { runGit, type GitRun } from './git-process.js';

const environment = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };

function git(args: readonly string[], run: Partial<GitRun> = {}): Promise<number> {
  const ignore = (): void => {};
  const signal = AbortSignal.timeout(30_000);
  return runGit(args, { directory: '/', environment, signal, onOutput: ignore, onMessage: ignore, ...run });
}
/** An alias starts any command, as a child of git. */
const alias = (command: string): readonly string[] => ['-c', `alias.x=!${command}`, 'x'];

describe('runGit', () => {
  it('answers the exit code, and gives both outputs line by line', async () => {
    const lines: string[] = [];
    const code = await git(alias('f() { echo out; printf "10%%\\r100%%\\n" >&2; exit 7; }; f'), {
      onOutput: (line) => void lines.push(`1 ${line}`),
      onMessage: (line) => void lines.push(`2 ${line}`),
    });
    expect(code).toBe(7);
    expect(lines.toSorted()).toEqual(['1 out', '2 100%']);
  });

  it('lets git wait for the taker of its lines', async () => {
    const open: string[] = [];
    await git(alias('seq 1000'), {
      onOutput: async (line) => {
        open.push(line);
        expect(open).toHaveLength(1);
        await new Promise(setImmediate);
        open.pop();
      },
    });
  });

  it('ends although the taker waits for ever while git has more to say', async () => {
    const abort = new AbortController();
    const stuck = git(alias('yes'), {
      signal: abort.signal,
      onOutput: () => {
        abort.abort(new Error('enough'));
        return Promise.withResolvers<void>().promise;
      },
    });
    await expect(stuck).rejects.toThrow('enough');
  });

  it('does not wait for what git leaves running', async () => {
    expect(await git(alias('f() { sleep 1000 & }; f'))).toBe(0);
  });

  it('says by which signal git ended', () => expect(git(alias('kill -9 $PPID'))).rejects.toThrow('killed by SIGKILL'));
});
