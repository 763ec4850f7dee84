import { RefName, type RefChange, type SkipReason, type TagConfig } from '@slipway/contracts';
import { rulesFor } from '../ref/ref-rules.js';

/** A build that a pushed ref asks for. */
export interface WantedBuild {
  readonly refType: 'branch' | 'tag';
  readonly refName: string;
  readonly commit: string;
  readonly tagConfigId: number;
  /** As the tag config has it: with the ref it names the build. */
  readonly dockerRepoTag: string;
  readonly imageTag: string;
}

export interface UnwantedRef extends RefChange {
  /** Null: no tag config in particular. */
  readonly tagConfigId: number | null;
  readonly why: SkipReason;
}

export interface Wanted {
  readonly builds: readonly WantedBuild[];
  readonly skipped: readonly UnwantedRef[];
}

/**
 * What the tag configs make of refs and where they are now: who compares refs with what was built asks the same. A ref
 * may be built by several tag configs. Every ref is in the answer.
 */
export function wantedBuilds(changes: readonly RefChange[], tagConfigs: readonly TagConfig[]): Wanted {
  const parts = changes.map((change) => wantedOf(change, tagConfigs));
  return { builds: parts.flatMap(({ builds }) => builds), skipped: parts.flatMap(({ skipped }) => skipped) };
}

function wantedOf(change: RefChange, tagConfigs: readonly TagConfig[]): Wanted {
  const { refType, refName, commit } = change;
  const skip = (tagConfigId: number | null, why: SkipReason): UnwantedRef => ({ ...change, tagConfigId, why });
  if (refType === null || !RefName.safeParse(refName).success)
    return { builds: [], skipped: [skip(null, 'REF_UNUSABLE')] };
  if (commit === null) return { builds: [], skipped: [skip(null, 'REF_DELETED')] };
  const outcomes = rulesFor({ refType, refName }, tagConfigs);
  return {
    builds: outcomes.flatMap((outcome) => {
      if (!outcome.fires) return [];
      const { tagConfigId, imageTag } = outcome;
      const { dockerRepoTag = imageTag } = tagConfigs.find(({ id }) => id === tagConfigId) ?? {};
      return [{ refType, refName, commit, tagConfigId, dockerRepoTag, imageTag }];
    }),
    skipped: outcomes.flatMap((outcome) => (outcome.fires ? [] : [skip(outcome.tagConfigId, outcome.why)])),
  };
}
