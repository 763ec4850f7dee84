import type { RefType, SkipReason, TagConfig } from '@slipway/contracts';
import { imageTagOf } from './image-tag.js';
import { refPattern } from './ref-pattern.js';

/** A branch or a tag that was pushed. */
export interface PushedRef {
  readonly refType: RefType;
  readonly refName: string;
}

/** What one tag config says to a ref; `tagConfigId: null`: what none of them says. */
export type RuleOutcome =
  | { readonly fires: true; readonly tagConfigId: number; readonly imageTag: string }
  | { readonly fires: false; readonly tagConfigId: number | null; readonly why: SkipReason };

/**
 * Which tag configs build a pushed ref, and under which image tag; where none does, why. Several may fire. Where two
 * make the same image tag of one ref, the first of them does.
 */
export function rulesFor({ refType, refName }: PushedRef, tagConfigs: readonly TagConfig[]): readonly RuleOutcome[] {
  const matching = tagConfigs.flatMap((config) => {
    const groups = config.refType === refType ? refPattern(config.refName)?.match(refName) : undefined;
    return groups ? [{ config, imageTag: imageTagOf(config.dockerRepoTag, { refName, groups }) }] : [];
  });
  const active = matching.filter(({ config }) => config.isActive);
  const taken = new Set<string>();
  const outcomes = active.map(({ config: { id: tagConfigId }, imageTag }): RuleOutcome => {
    if (imageTag === undefined) return { fires: false, tagConfigId, why: 'TAG_INVALID' };
    if (taken.has(imageTag)) return { fires: false, tagConfigId, why: 'TAG_TAKEN' };
    taken.add(imageTag);
    return { fires: true, tagConfigId, imageTag };
  });
  if (outcomes.length > 0) return outcomes;
  return [{ fires: false, tagConfigId: null, why: matching.length > 0 ? 'NOT_ACTIVE' : 'NO_RULE' }];
}
