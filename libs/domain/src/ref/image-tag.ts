const PLACEHOLDER = /\{(sourceref|[1-9])\}/g;
/** Docker's tag grammar. Source: distribution/reference */
const IMAGE_TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const NOT_IN_A_TAG = /[^A-Za-z0-9_.-]/gu;

/** A ref, and what a pattern caught of it. */
interface CaughtRef {
  readonly refName: string;
  readonly groups: readonly string[];
}

/** The highest of `{1}` to `{9}` that is used; 0: none. */
export const lastGroupIn = (template: string): number =>
  Math.max(0, ...[...template.matchAll(PLACEHOLDER)].map(([, name]) => Number(name) || 0));

/**
 * The image tag that a `docker_repo_tag` makes of a ref. What is put in has `-` for each character that no tag may hold:
 * `feature/login` becomes `feature-login`. Undefined: the result is no tag all the same (it begins with `-` or `.`, is
 * empty, or has more than 128 characters).
 */
export function imageTagOf(template: string, { refName, groups }: CaughtRef): string | undefined {
  const tag = template.replace(PLACEHOLDER, (_, name: string) =>
    (name === 'sourceref' ? refName : (groups[Number(name) - 1] ?? '')).replace(NOT_IN_A_TAG, '-'),
  );
  return IMAGE_TAG.test(tag) ? tag : undefined;
}
