import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('a run of tests', () => {
  it('ends although tests and hooks hang, tells which, and runs the others', () => {
    const jest = ['node_modules/jest/bin/jest.js', '--testMatch', '**/tools/jest/fixture/hanging.ts'];
    const env = { ...process.env, FORCE_COLOR: '0', TEST_HANG_LIMIT_MS: '50' };
    const { stderr, status } = spawnSync(process.execPath, jest, { cwd: ROOT, env, encoding: 'utf8', timeout: 60_000 });

    expect(status).toBe(1);
    expect(stderr).toContain('has one that hangs\n    Error: hangs: not settled after 50 ms');
    expect(stderr).toContain('(beforeAll)\n    Error: hangs: not settled after 50 ms');
    expect(stderr).toMatch(/Tests: +2 failed, 2 passed/);
  });
});
