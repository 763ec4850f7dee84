import { RE2JS } from 're2js';

/** What a `code_repo_type_value` stands for. */
export interface RefPattern {
  /** It is the name of one branch or tag. */
  readonly isName: boolean;
  /** How many parts of a ref it catches, for `{1}` to `{9}`. */
  readonly groups: number;
  /** What was caught, `{1}` at 0; undefined: it does not stand for this ref. */
  readonly match: (ref: string) => readonly string[] | undefined;
}

/** Steps of a compiled pattern; the time of a match grows with them, and with the length of the ref, and no more. */
const MAX_PROGRAM = 1_000;
/** A repetition is unrolled when it is compiled, and one in another multiplies. */
const MAX_REPEAT = 100;
const MAX_REPEATS_TOGETHER = 1_000;

/**
 * A name, a glob (`release/*`) or a `/regular expression/`. Undefined: none of them, or one that nobody can promise an
 * end for: what needs backtracking (`(a)\1`, `(?=a)`) is no pattern here. Source: docs/adr/0022-refs-and-patterns.md
 */
export function refPattern(value: string): RefPattern | undefined {
  if (value.startsWith('/')) return value.length > 2 && value.endsWith('/') ? compiled(value.slice(1, -1)) : undefined;
  if (/[*?]/.test(value)) return /[[\]\\]/.test(value) ? undefined : compiled(ofGlob(value));
  return { isName: true, groups: 0, match: (ref) => (ref === value ? [] : undefined) };
}

/** `*` is any part of a path, `**` any path, `?` one character of a part. The stars catch what they stand for. */
function ofGlob(glob: string): string {
  const parts = glob.split(/(\*\*|\*|\?)/).map((part) => WILDCARDS[part] ?? RE2JS.quote(part));
  return `^${parts.join('')}$`;
}
const WILDCARDS: Readonly<Record<string, string>> = { '**': '(.*)', '*': '([^/]*)', '?': '[^/]' };

function compiled(expression: string): RefPattern | undefined {
  if (!isBounded(expression)) return undefined;
  const program = programOf(expression);
  if (!program || program.programSize() > MAX_PROGRAM) return undefined;
  const groups = program.groupCount();
  return {
    isName: false,
    groups,
    match: (ref) => {
      const matcher = program.matcher(ref);
      if (!matcher.find()) return undefined;
      return Array.from({ length: groups }, (_, index) => matcher.group(index + 1) ?? '');
    },
  };
}

/** Looked at before it is compiled, since to compile it is what takes the time. */
function isBounded(expression: string): boolean {
  const repeats = [...expression.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, least, most]) => Number(most || least));
  return repeats.every((times) => times <= MAX_REPEAT) && repeats.reduce(product, 1) <= MAX_REPEATS_TOGETHER;
}
const product = (left: number, right: number): number => left * Math.max(1, right);

function programOf(expression: string): RE2JS | undefined {
  try {
    return RE2JS.compile(expression);
  } catch {
    return undefined; // its errors are all about the expression
  }
}
