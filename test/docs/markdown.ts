import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export const readDoc = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** One row of a table: its cells by their column's heading, without the code marks around a whole cell. */
export type Row = Readonly<Record<string, string>>;

/**
 * The first table below a heading (`## Name`, as printed) and above the next heading.
 * @throws when there is none, so that a comparison with a table that was removed cannot pass
 */
export function tableUnder(markdown: string, heading: string): readonly Row[] {
  const lines = markdown.split('\n');
  const start = lines.indexOf(heading);
  if (start === -1) throw new Error(`there is no heading "${heading}"`);
  const length = lines.slice(start + 1).findIndex((line) => /^#{1,6} /.test(line));
  const section = lines.slice(start + 1, length === -1 ? undefined : start + 1 + length);
  const first = section.findIndex((line) => line.startsWith('|'));
  const table = first === -1 ? [] : section.slice(first);
  const end = table.findIndex((line) => !line.startsWith('|'));
  const [names = [], , ...rows] = table.slice(0, end === -1 ? undefined : end).map(cellsOf);
  if (rows.length === 0) throw new Error(`there is no table under "${heading}"`);
  return rows.map((cells) => Object.fromEntries(names.map((name, index) => [name, plain(cells[index] ?? '')])));
}

/** A `|` inside a cell is written `\|`. */
const cellsOf = (line: string): readonly string[] =>
  line
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

const plain = (cell: string): string => /^`([^`]*)`$/.exec(cell)?.[1] ?? cell;

/** The words in code marks of a cell: `` `a`, `b` `` → a, b. */
export const codeWords = (cell: string): readonly string[] =>
  cell.includes('`') ? [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word) : cell === '' ? [] : [cell];
