import { readFileSync } from 'node:fs';
import { VERSION } from './version.js';

describe('the version', () => {
  it('is that of package.json', () => {
    const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ version: VERSION });
  });
});
