import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IMPORT_TABLE, SPEC_EXTRA } from './import-table.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const projects = ['apps', 'libs'].flatMap((kind) => readdirSync(join(root, kind)).map((name) => `${kind}/${name}`));

interface Manifest {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
}
const manifest = (project: string): Manifest =>
  JSON.parse(readFileSync(join(root, project, 'package.json'), 'utf8')) as Manifest;

describe('the import table', () => {
  it('names every project', () => expect(Object.keys(IMPORT_TABLE).sort()).toEqual(projects.sort()));

  it('makes the linter refuse what is not named, and nothing else', () => {
    const { stdout, status } = spawnSync(
      process.execPath, // the machine's own Node may be too old for a configuration in TypeScript
      [join(root, 'node_modules/.bin/oxlint'), '--format=json', '.'],
      { cwd: join(root, 'tools/lint/fixture'), encoding: 'utf8' },
    );
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { code: string; message: string }[] };
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`).sort()).toEqual([
      expect.stringMatching(/no-restricted-globals.*Date/),
      expect.stringMatching(/no-restricted-imports.*@slipway\/messaging/),
      expect.stringMatching(/no-restricted-imports.*node:fs/),
    ]);
    expect(status).not.toBe(0);
  });

  it.each(projects)('agrees with what %s declares, so that the project graph is true', (project) => {
    const may = [...IMPORT_TABLE[project as keyof typeof IMPORT_TABLE].slipway, ...SPEC_EXTRA.slipway];
    const declared = Object.keys(manifest(project).dependencies).map((name) => name.replace('@slipway/', ''));
    expect(may).toEqual(expect.arrayContaining(declared));
  });

  it.each(projects)('%s declares what it imports', (project) => {
    const { name, dependencies } = manifest(project);
    const imported = sourcesOf(project)
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/from '(@slipway\/[a-z-]+)/g)])
      .map(([, lib = '']) => lib)
      .filter((lib) => lib !== name);
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining([...new Set(imported)]));
  });
});

const sourcesOf = (project: string): readonly string[] =>
  readdirSync(join(root, project, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, project, 'src', name));
