import type { BuildSpec } from '@slipway/contracts';

/**
 * The extra tag of a build: `vYYYYMMDD.HHMMSS` of its creation (UTC), the commit, or none.
 * `undefined` while it is not known yet.
 */
export function versionTagOf(
  { versionTagging }: Pick<BuildSpec, 'versionTagging'>,
  requestedAt: string,
  commit: string | null,
): string | null | undefined {
  switch (versionTagging) {
    case 0:
      return null;
    case 1:
      return stampOf(requestedAt);
    case 2:
      return commit ?? undefined;
  }
}

/** Of `YYYY-MM-DDTHH:MM:SS`; a list asks for many. */
const stampOf = (at: string): string =>
  `v${at.slice(0, 4)}${at.slice(5, 7)}${at.slice(8, 10)}.${at.slice(11, 13)}${at.slice(14, 16)}${at.slice(17, 19)}`;

/** Every public tag of a build, in the order they are moved. */
export function publicTagsOf(
  spec: Pick<BuildSpec, 'versionTagging' | 'dockerRepoTag'>,
  requestedAt: string,
  commit: string | null,
): readonly string[] {
  const version = versionTagOf(spec, requestedAt, commit);
  return version ? [spec.dockerRepoTag, version] : [spec.dockerRepoTag];
}
