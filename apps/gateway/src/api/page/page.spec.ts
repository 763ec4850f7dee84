import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CONTROLLERS } from '../../gateway.js';
import { apiDocument } from '../../house/documented.fixtures.js';
import { routesOf } from '../routes.js';
import { exampleOf } from './example.js';
import { html, markdown } from './html.js';
import { PAGE_POLICY, pageOf } from './page.js';

const page = pageOf(apiDocument);
const all = (pattern: RegExp): readonly string[] => [...page.matchAll(pattern)].map(([, found = '']) => found);

describe('the page of the API', () => {
  const ids = all(/ id="([^"]+)"/g);

  it('has every operation and every schema once', () => {
    const operations = Object.values(apiDocument.paths).flatMap((byMethod) => Object.values(byMethod));
    expect(ids).toEqual(expect.arrayContaining(operations.map(({ operationId }) => operationId)));
    expect(ids).toEqual(
      expect.arrayContaining(Object.keys(apiDocument.components.schemas).map((name) => `schema-${name}`)),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => /\s/.test(id))).toEqual([]);
  });

  it('has no link that leads nowhere', () => {
    const missing = all(/ href="#([^"]+)"/g).filter((id) => !ids.includes(id));
    expect(missing).toEqual([]);
  });

  it('loads nothing and runs nothing', () => {
    expect(page).not.toMatch(/<script|<img|<link|<iframe| src=| on[a-z]+=|@import|url\(/);
    const [style = ''] = all(/<style>([\s\S]*?)<\/style>/g);
    expect(PAGE_POLICY).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  });

  it('names every field of a body, and those of its nameless parts', () => {
    for (const field of ['build_config', 'code_repo_clone_url', 'failure.last_lines', 'tags[].moved'])
      expect(page).toContain(`<code>${field}</code>`);
  });

  const bodies = routesOf(CONTROLLERS).flatMap(({ name, body }) => (body ? [[name, body] as const] : []));
  it.each(bodies)('shows a body for %s that its own schema takes', (name, body) => {
    const printed = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as Readonly<Record<string, unknown>>;
    expect([name, body.safeParse(exampleOf(apiDocument, printed)).error]).toEqual([name, undefined]);
  });
});

describe('HTML', () => {
  it('escapes whatever is not HTML', () =>
    expect(html`<p title="${'"<&>\''}">${html`<b>${'<i>'}</b>`}${[html`1`, html`2`]}${undefined}</p>`.text).toBe(
      '<p title="&quot;&lt;&amp;&gt;&#39;"><b>&lt;i&gt;</b>12</p>',
    ));

  it('is made of our own Markdown', () =>
    expect(markdown('One `<a>` **b**.\n\n- x\n- y').text).toBe(
      '<p>One <code>&lt;a&gt;</code> <strong>b</strong>.</p>\n<ul><li>x</li><li>y</li></ul>',
    ));
});
