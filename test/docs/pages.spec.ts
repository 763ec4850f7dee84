import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { readDoc, ROOT, tableUnder } from './markdown.js';

const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
]
  .filter((name) => name.endsWith('.md'))
  .sort();

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readDoc('package.json')) as Manifest;

const linksOf = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^[a-z]+:/.test(link));

/** As GitHub makes them. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );

/** Sources that name a page: a reader who follows them must arrive. */
const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name) && !name.includes('node_modules'))
    .map((name) => `${folder}/${name}`);

describe('the pages', () => {
  it.each(PAGES)('%s has no broken link', (page) => {
    const broken = linksOf(readDoc(page)).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
      if (!existsSync(join(ROOT, target))) return true;
      if (anchor === undefined) return false;
      return !anchorsOf(readDoc(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it.each(PAGES)('%s names only npm scripts that exist', (page) => {
    const named = [...readDoc(page).matchAll(/npm (?:run )?(demo|start|stop|test|(?<=run )[a-z]+)\b/g)].map(
      ([, script = '']) => script,
    );
    expect(named.filter((script) => !(script in manifest.scripts))).toEqual([]);
  });

  it('are there where the code names them', () => {
    const decisions = readdirSync(join(ROOT, 'docs/adr'));
    const missing = ['apps', 'libs', 'tools'].flatMap(sourcesIn).flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      const pages = [...text.matchAll(/\bdocs\/(?!adr\b)([A-Z]+\.md)/g)].filter(
        ([, name = '']) => !existsSync(join(ROOT, 'docs', name)),
      );
      const adrs = [...text.matchAll(/\bdocs\/adr\/([0-9]{4}[a-z0-9-]*)/g)].filter(
        ([, name = '']) => !decisions.some((decision) => decision.startsWith(name)),
      );
      return [...pages, ...adrs].map(([found]) => `${file}: ${found}`);
    });
    expect(missing).toEqual([]);
  });
});

describe('docs/adr/README.md', () => {
  const index = readDoc('docs/adr/README.md');

  it('lists every decision', () => {
    const decisions = readdirSync(join(ROOT, 'docs/adr')).filter((name) => /^\d{4}-.*\.md$/.test(name));
    const listed = tableUnder(index, '# Decisions').flatMap(({ decision = '' }) => linksOf(decision));
    expect(listed).toEqual(decisions.sort());
  });

  it('lists every library with its version', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const named = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([name]) => !name.startsWith('@types/'),
    );
    const printed = tableUnder(index, '## Libraries').map(({ library = '', version = '' }) => [library, version]);
    expect(Object.fromEntries(printed)).toEqual(Object.fromEntries(named));
    expect(printed.length).toBe(named.length);
  });
});
