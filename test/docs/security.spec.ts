import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readDoc, ROOT, tableUnder } from './markdown.js';

const page = readDoc('docs/SECURITY.md');

describe('docs/SECURITY.md', () => {
  const threats = tableUnder(page, '## What stands between a build and the rest');

  it('names a test of each defence', () => {
    expect(threats.length).toBeGreaterThan(15);
    const untested = threats.filter(({ test = '' }) => test !== 'the same' && !/\]\([^)]+\.spec\.ts\)/.test(test));
    expect(untested).toEqual([]); // that the files are there is tested with the links of all pages
  });

  it('has a threat for each hostile suite', () => {
    const suites = readdirSync(join(ROOT, 'test/hostile')).filter((name) => name.endsWith('.spec.ts'));
    const tests = threats.map(({ test }) => test).join();
    expect(suites.filter((name) => !tests.includes(`../test/hostile/${name}`))).toEqual([]);
  });

  it.each(['README.md', 'docs/ARCHITECTURE.md', 'deploy/README.md'])('is linked from %s', (name) =>
    expect(readDoc(name)).toMatch(/\]\((?:\.\.\/)?(?:docs\/)?SECURITY\.md/),
  );
});
