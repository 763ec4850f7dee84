import type { TagConfig } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { imageTagOf, lastGroupIn } from './image-tag.js';
import { refPattern } from './ref-pattern.js';

/** What somebody who asks for a build says. */
interface Asked {
  /** A `docker_repo_tag` as it is written in the build config, or an image tag that it makes. */
  readonly tag: string;
  /** Name of the branch or tag; undefined: the tag config names it. */
  readonly refName: string | undefined;
}

export interface ChosenRule {
  readonly config: TagConfig;
  readonly refName: string;
  readonly imageTag: string;
}

/**
 * The tag config that is meant. One with a pattern needs the ref that it is to be used for.
 * @throws TAG_CONFIG_NOT_FOUND, REF_REQUIRED, REF_NOT_MATCHED, IMAGE_TAG_INVALID
 */
export function chosenRule({ tag, refName }: Asked, tagConfigs: readonly TagConfig[]): ChosenRule {
  const named = tagConfigs.filter(({ dockerRepoTag }) => dockerRepoTag === tag);
  const rules = tagConfigs.flatMap((config) => ruleOf(config, refName) ?? []);
  const rule = rules.find(({ config }) => named.includes(config)) ?? rules.find(({ imageTag }) => imageTag === tag);
  if (rule?.imageTag !== undefined) return { ...rule, imageTag: rule.imageTag };
  if (rule) throw new AppError('IMAGE_TAG_INVALID', { source: REF_FIELD });
  if (named.length === 0) throw new AppError('TAG_CONFIG_NOT_FOUND', { source: 'tag', tag });
  throw new AppError(refName === undefined ? 'REF_REQUIRED' : 'REF_NOT_MATCHED', { source: REF_FIELD });
}

const REF_FIELD = 'code_repo_type_value';

function ruleOf(
  config: TagConfig,
  asked: string | undefined,
): (Omit<ChosenRule, 'imageTag'> & { readonly imageTag: string | undefined }) | undefined {
  const pattern = refPattern(config.refName);
  const refName = asked ?? (pattern?.isName ? config.refName : undefined);
  const groups = refName === undefined ? undefined : pattern?.match(refName);
  if (refName === undefined || !groups) return undefined;
  return { config, refName, imageTag: imageTagOf(config.dockerRepoTag, { refName, groups }) };
}

/**
 * `at`: where the tag configs stand in the request.
 * @throws REF_PATTERN_INVALID; TAG_TEMPLATE_INVALID when more is put into the image tag than the pattern catches
 */
export function assertRules(tagConfigs: readonly Pick<TagConfig, 'refName' | 'dockerRepoTag'>[], at: string): void {
  for (const [index, { refName, dockerRepoTag }] of tagConfigs.entries()) {
    const pattern = refPattern(refName);
    if (!pattern) throw new AppError('REF_PATTERN_INVALID', { source: `${at}.${index}.${REF_FIELD}` });
    if (lastGroupIn(dockerRepoTag) > pattern.groups)
      throw new AppError('TAG_TEMPLATE_INVALID', { source: `${at}.${index}.docker_repo_tag` });
  }
}
