import type { RepositoryEvent, TagConfig } from '@slipway/contracts';
import { codeHosts } from '../code-host/code-host.js';
import type { ChangeBuildConfig, CreateRepository, RepositoryCommand, TagConfigChange } from './commands.js';

const at = '2026-11-23T10:00:00.000Z';
const privateKey = { keyId: '01234567', iv: 'aXY=', tag: 'dGFn', ciphertext: 'c2VjcmV0' };

export const latest: TagConfig = {
  id: 4,
  refType: 'branch',
  refName: 'master',
  dockerRepoTag: 'latest',
  buildContextPath: '/',
  dockerfileLocation: '/',
  isActive: false,
  cacheEnabled: true,
  versionTagging: 1,
};

const content: Omit<CreateRepository['data'], 'at'> = {
  namespace: 'alice',
  repoName: 'app',
  description: 'an app',
  fullDescription: '',
  isPublic: true,
  createdBy: 'alice',
  configId: 3,
  source: { client: 'GitHub', namespace: 'alice', name: 'app' },
  buildNode: 'in',
  emailEnabled: false,
  reconcileIntervalS: null,
  tagConfigs: [latest],
  publicKey: 'ssh-ed25519 AAAA',
  privateKey,
  hosts: codeHosts({}),
};

export const createRepository = (change: Partial<CreateRepository['data']> = {}): CreateRepository => ({
  type: 'CreateRepository',
  data: { ...content, at, ...change },
});

export const created = (): RepositoryEvent => ({
  type: 'RepositoryCreated',
  data: {
    namespace: 'alice',
    repoName: 'app',
    description: 'an app',
    fullDescription: '',
    isPublic: true,
    createdBy: 'alice',
    at,
  },
});

type EventData<T extends RepositoryEvent['type']> = Extract<RepositoryEvent, { type: T }>['data'];

export const configured = (change: Partial<EventData<'BuildConfigChanged'>> = {}): RepositoryEvent => ({
  type: 'BuildConfigChanged',
  data: {
    configId: 3,
    source: { client: 'GitHub', namespace: 'alice', name: 'app' },
    buildNode: 'in',
    emailEnabled: false,
    reconcileIntervalS: null,
    tagConfigs: [latest],
    changedBy: 'alice',
    at,
    ...change,
  },
});

export const keyIssued = (): RepositoryEvent => ({
  type: 'DeployKeyIssued',
  data: { configId: 3, publicKey: 'ssh-ed25519 AAAA', privateKey, at },
});

export const keyRotated = (number: number): RepositoryEvent => ({
  type: 'DeployKeyIssued',
  data: { configId: 3, publicKey: `ssh-ed25519 BBB${number}`, privateKey, rotationId: rotationOf(number), at },
});
const rotationOf = (number: number): string => `00000000-0000-4000-8000-10000000000${number}`;

export const keyResealed = (keyId: string): RepositoryEvent => ({
  type: 'DeployKeyResealed',
  data: { configId: 3, publicKey: 'ssh-ed25519 AAAA', privateKey: { ...privateKey, keyId }, at },
});

export const described = (change: Partial<EventData<'RepositoryDescribed'>>): RepositoryEvent => ({
  type: 'RepositoryDescribed',
  data: { description: 'an app', fullDescription: '', isPublic: true, changedBy: 'bob', at, ...change },
});

export const deletionOf = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;
export const deletionBegan = (number: number): RepositoryEvent => ({
  type: 'RepositoryDeletionBegan',
  data: { deletionId: deletionOf(number), requestedBy: 'bob', at },
});
export const deletionRefused = (number: number, openBuilds: number | null): RepositoryEvent => ({
  type: 'RepositoryDeletionRefused',
  data: { deletionId: deletionOf(number), openBuilds, at },
});
export const deleted = (number: number): RepositoryEvent => ({
  type: 'RepositoryDeleted',
  data: { deletionId: deletionOf(number), deletedBy: 'bob', at },
});

const byBob = { namespace: 'alice', repoName: 'app', by: 'bob', at };

export const describeAs = (change: {
  readonly description?: string;
  readonly fullDescription?: string;
  readonly isPublic?: boolean;
}): RepositoryCommand => ({ type: 'DescribeRepository', data: { ...byBob, ...change } });

/** The tag config `latest`, known by its id, unless said otherwise. */
export const tagChange = (change: Partial<TagConfigChange> = {}): TagConfigChange => ({
  config: { ...latest, id: 90 },
  knownId: latest.id,
  configId: undefined,
  ...change,
});
export const configure = (change: Partial<ChangeBuildConfig['data']> = {}): RepositoryCommand => ({
  type: 'ChangeBuildConfig',
  data: {
    ...byBob,
    ifMatch: undefined,
    buildNode: undefined,
    emailEnabled: undefined,
    reconcileIntervalS: undefined,
    tagConfigs: [tagChange()],
    ...change,
  },
});
export const rotateKey = (number: number): RepositoryCommand => ({
  type: 'RotateDeployKey',
  data: { ...byBob, rotationId: rotationOf(number), publicKey: `ssh-ed25519 BBB${number}`, privateKey },
});
export const resealKey = (keyId: string): RepositoryCommand => ({
  type: 'ResealDeployKey',
  data: { ...byBob, publicKey: 'ssh-ed25519 AAAA', privateKey: { ...privateKey, keyId } },
});
export const beginDeletion = (number: number): RepositoryCommand => ({
  type: 'BeginDeletion',
  data: { ...byBob, deletionId: deletionOf(number) },
});
export const finishDeletion = (number: number, openBuilds: number | null): RepositoryCommand => ({
  type: 'FinishDeletion',
  data: { ...byBob, deletionId: deletionOf(number), openBuilds },
});
