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
      return `v${requestedAt.slice(0, 10).replaceAll('-', '')}.${requestedAt.slice(11, 19).replaceAll(':', '')}`;
    case 2:
      return commit ?? undefined;
  }
}

/** Every public tag of a build, in the order they are moved. */
export function publicTagsOf(
  spec: Pick<BuildSpec, 'versionTagging' | 'dockerRepoTag'>,
  requestedAt: string,
  commit: string | null,
): readonly string[] {
  const version = versionTagOf(spec, requestedAt, commit);
  return version ? [spec.dockerRepoTag, version] : [spec.dockerRepoTag];
}
