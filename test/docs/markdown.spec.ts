import { codeWords, tableUnder } from './markdown.js';

const PAGE = `# Page
## One
Text.

| name | what |
|---|---|
| \`a\` | \`x\`, \`y\` |
| b | left \\| right |

After.
## Two
`;

describe('a table of a page', () => {
  it('is read by heading, cell by cell', () =>
    expect(tableUnder(PAGE, '## One')).toEqual([
      { name: 'a', what: '`x`, `y`' },
      { name: 'b', what: 'left | right' },
    ]));

  it('must be there', () => {
    expect(() => tableUnder(PAGE, '## Two')).toThrow('no table under "## Two"');
    expect(() => tableUnder(PAGE, '## Three')).toThrow('no heading "## Three"');
  });

  it('may hold several words in a cell', () => {
    expect(codeWords('`x`, `y`')).toEqual(['x', 'y']);
    expect(codeWords('x')).toEqual(['x']);
    expect(codeWords('')).toEqual([]);
  });
});
