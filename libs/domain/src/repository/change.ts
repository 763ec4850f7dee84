import type { RepositoryEvent, TagConfig } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { assertRules } from '../ref/chosen-rule.js';
import type { ChangeBuildConfig, DescribeRepository } from './commands.js';
import { sameTagConfig } from './create.js';
import { firstWebhook } from './first-webhook.js';
import { askedLabels, sameLabels } from './agent-labels.js';
import type { PresentRepository, Repository } from './repository.js';

/**
 * Names one state of a build config; another state of it, or of a later one under the same name, has another.
 * Shape: `"<config id>-<n-th change>"`.
 */
export const buildConfigRevision = (configId: number, changes: number): string => `${configId}-${changes}`;

/** @throws REPOSITORY_NOT_FOUND; REPOSITORY_CLOSING while it is not decided whether there will be one to change */
export function changeable(
  { namespace, repoName }: { readonly namespace: string; readonly repoName: string },
  state: Repository,
): PresentRepository {
  if (state.phase !== 'present') throw new AppError('REPOSITORY_NOT_FOUND', { namespace, repo_name: repoName });
  if (state.deletionId !== null) throw new AppError('REPOSITORY_CLOSING', { namespace, repo_name: repoName });
  return state;
}

export function describeRepository(command: DescribeRepository['data'], state: Repository): readonly RepositoryEvent[] {
  const present = changeable(command, state);
  const description = command.description ?? present.description;
  const fullDescription = command.fullDescription ?? present.fullDescription;
  const isPublic = command.isPublic ?? present.isPublic;
  const isSame =
    description === present.description && fullDescription === present.fullDescription && isPublic === present.isPublic;
  if (isSame) return [];
  const { by: changedBy, at } = command;
  return [{ type: 'RepositoryDescribed', data: { description, fullDescription, isPublic, changedBy, at } }];
}

export function changeBuildConfig(command: ChangeBuildConfig['data'], state: Repository): readonly RepositoryEvent[] {
  const present = changeable(command, state);
  const { configId, configChanges, source } = present;
  const revision = buildConfigRevision(configId, configChanges);
  if (command.ifMatch && !command.ifMatch.includes(revision)) throw new AppError('BUILD_CONFIG_CHANGED', { revision });
  const tagConfigs = changedTagConfigs(command, present);
  assertRules(tagConfigs, 'tag_configs');
  const settings = changedSettings(command, present);
  const isSame =
    sameSettings(settings, present) &&
    tagConfigs.length === present.tagConfigs.length &&
    tagConfigs.every((config, index) => isUnchanged(config, present.tagConfigs[index]));
  const { by: changedBy, at, webhookCode } = command;
  return [
    ...(isSame ? [] : [changed({ configId, source, ...settings, tagConfigs, changedBy, at })]),
    ...(present.webhook ? [] : firstWebhook(tagConfigs, { configId, code: webhookCode, issuedBy: changedBy, at })),
  ];
}

type Settings = Pick<PresentRepository, 'buildNode' | 'agentLabels' | 'emailEnabled' | 'reconcileIntervalS'>;

const changedSettings = (command: ChangeBuildConfig['data'], present: Settings): Settings => ({
  buildNode: command.buildNode ?? present.buildNode,
  ...askedLabels(command.agentLabels ?? present.agentLabels),
  emailEnabled: command.emailEnabled ?? present.emailEnabled,
  reconcileIntervalS:
    command.reconcileIntervalS === undefined ? present.reconcileIntervalS : command.reconcileIntervalS,
});

const sameSettings = (left: Settings, right: Settings): boolean =>
  left.buildNode === right.buildNode &&
  sameLabels(left.agentLabels, right.agentLabels) &&
  left.emailEnabled === right.emailEnabled &&
  left.reconcileIntervalS === right.reconcileIntervalS;

const changed = (data: Extract<RepositoryEvent, { type: 'BuildConfigChanged' }>['data']): RepositoryEvent => ({
  type: 'BuildConfigChanged',
  data,
});

const isUnchanged = (config: TagConfig, before: TagConfig | undefined): boolean =>
  config.id === before?.id && sameTagConfig(config, before);

/** @throws TAG_CONFIG_UNKNOWN for an id that this build config does not have, be it another's or nobody's */
function changedTagConfigs(
  { tagConfigs }: ChangeBuildConfig['data'],
  { configId: ownId, tagConfigs: before }: PresentRepository,
): TagConfig[] {
  return tagConfigs.map(({ config, knownId, configId }, index) => {
    if (configId !== undefined && configId !== ownId)
      throw new AppError('TAG_CONFIG_UNKNOWN', { source: `tag_configs.${index}.docker_build_config_id`, configId });
    if (knownId === undefined) return config;
    if (!before.some(({ id }) => id === knownId))
      throw new AppError('TAG_CONFIG_UNKNOWN', { source: `tag_configs.${index}.id`, id: knownId });
    return { ...config, id: knownId };
  });
}
