import type { CodeSource, RepositoryEvent, TagConfig } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { locateCode } from '../code-host/code-host.js';
import { assertRules } from '../ref/chosen-rule.js';
import type { CreateRepository, RepositoryContent } from './commands.js';
import { firstWebhook } from './first-webhook.js';
import { askedLabels, sameLabels } from './agent-labels.js';
import type { Repository } from './repository.js';

export function create(command: CreateRepository['data'], state: Repository): readonly RepositoryEvent[] {
  const { namespace, repoName, source, configId, at } = command;
  if (state.phase === 'present') {
    if (sameContent(command, state)) return []; // the same command again
    throw new AppError('REPOSITORY_EXISTS', { namespace, repo_name: repoName });
  }
  if (locateCode(source, command.hosts) === null) throw new AppError('CODE_HOST_CLOSED', { code_host: source.client });
  assertRules(command.tagConfigs, 'build_config.tag_configs');
  const { description, fullDescription, isPublic, createdBy } = command;
  const { buildNode, agentLabels, emailEnabled, reconcileIntervalS, tagConfigs, publicKey, privateKey } = command;
  return [
    {
      type: 'RepositoryCreated',
      data: { namespace, repoName, description, fullDescription, isPublic, createdBy, at },
    },
    {
      type: 'BuildConfigChanged',
      data: {
        configId,
        source,
        buildNode,
        ...askedLabels(agentLabels),
        emailEnabled,
        reconcileIntervalS,
        tagConfigs: [...tagConfigs],
        changedBy: createdBy,
        at,
      },
    },
    { type: 'DeployKeyIssued', data: { configId, publicKey, privateKey, at } },
    ...firstWebhook(tagConfigs, { configId, code: command.webhookCode, issuedBy: createdBy, at }),
  ];
}

/** Ids are left out: they are given anew to every command. */
const sameContent = (left: RepositoryContent, right: RepositoryContent): boolean =>
  left.description === right.description &&
  left.fullDescription === right.fullDescription &&
  left.isPublic === right.isPublic &&
  left.createdBy === right.createdBy &&
  left.buildNode === right.buildNode &&
  sameLabels(left.agentLabels, right.agentLabels) &&
  left.emailEnabled === right.emailEnabled &&
  left.reconcileIntervalS === right.reconcileIntervalS &&
  sameSource(left.source, right.source) &&
  left.tagConfigs.length === right.tagConfigs.length &&
  left.tagConfigs.every((config, index) => sameTagConfig(config, right.tagConfigs[index]));

function sameSource(left: CodeSource, right: CodeSource): boolean {
  if (left.client === 'Simple') return right.client === 'Simple' && left.cloneUrl === right.cloneUrl;
  return left.client === right.client && left.namespace === right.namespace && left.name === right.name;
}

/** But for the id. */
export const sameTagConfig = (left: TagConfig, right: TagConfig | undefined): boolean =>
  left.refType === right?.refType &&
  left.refName === right.refName &&
  left.dockerRepoTag === right.dockerRepoTag &&
  left.buildContextPath === right.buildContextPath &&
  left.dockerfileLocation === right.dockerfileLocation &&
  left.isActive === right.isActive &&
  left.cacheEnabled === right.cacheEnabled &&
  left.versionTagging === right.versionTagging;
