import { posix } from 'node:path';

/**
 * The rules of a `.dockerignore`, as Docker reads them: the last rule that matches a path or one of its parents wins,
 * `!` takes an exclusion back.
 *
 * Written by hand because the file is an outsider's: translating its patterns to regular expressions (as the npm
 * package of this purpose does) throws on `c++` and lets `(a+)+b` stop the process for minutes. Here a pattern costs at
 * most (its length × the path's length) steps, whatever it says.
 * Source: github.com/moby/patternmatcher, and Go's path/filepath.Match for one segment.
 */
export class IgnoreRules {
  readonly #rules: readonly Rule[];
  readonly #takesBack: boolean;

  private constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    this.#takesBack = rules.some((rule) => rule.takesBack);
  }

  static parse(text: string): IgnoreRules {
    return new IgnoreRules(
      text
        .replace(/^\uFEFF/, '')
        .split(/\r?\n/)
        .flatMap(parseRule),
    );
  }

  /** @param path relative to the context's root, with `/` and no leading one */
  excludes(path: string): boolean {
    const segments = path.split('/');
    return this.#rules.reduce(
      (excluded, rule) => (excluded === !rule.takesBack ? excluded : matchesSelfOrParent(rule, segments) !== excluded),
      false,
    );
  }

  /** False when nothing below an excluded folder can come back, so that it need not be read. */
  mayKeepBelow(path: string): boolean {
    return this.#takesBack || !this.excludes(path);
  }
}

interface Rule {
  readonly takesBack: boolean;
  readonly segments: readonly string[];
}

function parseRule(line: string): readonly Rule[] {
  if (line.startsWith('#')) return [];
  const trimmed = line.trim();
  const takesBack = trimmed.startsWith('!');
  const pattern = takesBack ? trimmed.slice(1).trim() : trimmed;
  if (pattern === '') return [];
  const clean = posix.normalize(pattern).replace(/^\/+/, '').replace(/\/+$/, '');
  return clean === '' ? [] : [{ takesBack, segments: clean.split('/') }];
}

/** Docker's rule for parents: a pattern that matches a folder holds for everything in it. */
const matchesSelfOrParent = (rule: Rule, path: readonly string[]): boolean => reach(rule.segments, path).some(Boolean);

/**
 * `reach(...)[n]` tells whether the pattern matches the first n segments of the path (n from 1): one row of the usual
 * table a pattern segment, so `**` costs no backtracking.
 */
function reach(pattern: readonly string[], path: readonly string[]): readonly boolean[] {
  let row: boolean[] = [true, ...path.map(() => false)];
  pattern.forEach((segment, at) => {
    const isLast = at === pattern.length - 1;
    row =
      segment === '**'
        ? anyDepth(row, isLast)
        : row.map((_, n) => n > 0 && row[n - 1]! && matchSegment(segment, path[n - 1]!));
  });
  return row.slice(1);
}

/** `**` stands for any number of folders, also none; at the end of a pattern for at least one name. */
function anyDepth(row: readonly boolean[], isLast: boolean): boolean[] {
  const first = row.indexOf(true);
  return row.map((_, n) => first !== -1 && (isLast ? n > first : n >= first));
}

/** One name against one pattern segment: `*`, `?`, `[a-z]`, `[^a-z]`, `\` before a character that stands for itself. */
export function matchSegment(pattern: string, name: string): boolean {
  const tokens = tokenize(pattern);
  if (!tokens) return false;
  const characters = Array.from(name);
  let states = new Set([0]);
  const settle = (from: Set<number>): Set<number> => {
    for (const state of from) if (tokens[state] === ANY_RUN) from.add(state + 1);
    return from;
  };
  settle(states);
  for (const character of characters) {
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token === ANY_RUN) next.add(state);
      else if (token?.(character)) next.add(state + 1);
    }
    if (next.size === 0) return false;
    states = settle(next);
  }
  return states.has(tokens.length);
}

type Token = ((character: string) => boolean) | typeof ANY_RUN;
const ANY_RUN = Symbol('*');

/** `undefined`: the pattern is malformed (an open `[`), and so matches nothing. */
function tokenize(pattern: string): readonly Token[] | undefined {
  const characters = Array.from(pattern);
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    if (character === '*') tokens.push(ANY_RUN);
    else if (character === '?') tokens.push(() => true);
    else if (character === '[') {
      const end = classEnd(characters, at);
      if (end === -1) return undefined;
      tokens.push(characterClass(characters.slice(at + 1, end)));
      at = end;
    } else {
      const literal = character === '\\' && at + 1 < characters.length ? characters[++at]! : character;
      tokens.push((other) => other === literal);
    }
  }
  return tokens;
}

/** Index of the `]` that closes the class opened at `open`; the first character of a class is never its end. */
function classEnd(characters: readonly string[], open: number): number {
  const first = characters[open + 1] === '^' ? open + 2 : open + 1;
  for (let at = first; at < characters.length; at++) {
    if (characters[at] === '\\') at++;
    else if (characters[at] === ']' && at > first) return at;
  }
  return -1;
}

function characterClass(body: readonly string[]): (character: string) => boolean {
  const negated = body[0] === '^';
  const items = literals(negated ? body.slice(1) : body);
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < items.length; at++) {
    const { character } = items[at]!;
    const upper = items[at + 2];
    const isRange = upper && items[at + 1]!.character === '-' && !items[at + 1]!.escaped;
    ranges.push([character, isRange ? upper.character : character]);
    if (isRange) at += 2;
  }
  return (character) => ranges.some(([low, high]) => low <= character && character <= high) !== negated;
}

function literals(body: readonly string[]): { character: string; escaped: boolean }[] {
  const out: { character: string; escaped: boolean }[] = [];
  for (let at = 0; at < body.length; at++) {
    const escaped = body[at] === '\\' && at + 1 < body.length;
    out.push({ character: body[escaped ? ++at : at]!, escaped });
  }
  return out;
}
