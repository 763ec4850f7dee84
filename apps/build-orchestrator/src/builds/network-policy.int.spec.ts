import { randomUUID } from 'node:crypto';
import { streams, type BuildSpec, type NetworkPolicy } from '@slipway/contracts';
import { namespace, type NetworkPolicies } from '@slipway/domain';
import { commandHandler, createMemoryEventStore, namespaceCodec } from '@slipway/event-store';
import { buildDesk } from './build-desk.js';
import { requestWith } from './request-build.js';

const at = '2026-11-23T10:00:00.000Z';
const context = { commandId: randomUUID(), at, actor: 'user:alice', correlationId: randomUUID() };
const spec: BuildSpec = {
  namespace: 'team',
  repoName: 'app',
  configId: 1,
  tagConfigId: 1,
  client: 'Simple',
  codePath: 'app',
  cloneUrl: 'https://git.example/app.git',
  urls: { page: null, ref: null, commitPrefix: null },
  refType: 'branch',
  refName: 'main',
  commit: null,
  dockerRepoTag: 'latest',
  versionTagging: 0,
  buildContextPath: '/',
  dockerfileLocation: '/',
  cacheEnabled: true,
  buildNode: 'in',
  networkPolicy: 'full', // of a build that is made again
  emailEnabled: false,
  requestedBy: 'alice',
  trigger: { kind: 'api' },
};

async function frozen(chosen: NetworkPolicy | undefined, networkPolicies: NetworkPolicies): Promise<unknown> {
  const store = createMemoryEventStore();
  const handle = commandHandler(store, namespace, namespaceCodec);
  const data = { namespace: 'team', by: 'olga', at };
  const say = (command: Parameters<typeof handle>[1]) =>
    handle(streams.namespace('team'), command, { ...context, commandId: randomUUID() });
  await say({ type: 'CreateOrganisation', data: { ...data, description: '' } });
  if (chosen) await say({ type: 'ChooseNetworkPolicy', data: { ...data, policy: chosen, loosest: 'full' } });
  const desk = {
    store,
    builds: buildDesk(store),
    quotas: { admit: <T>(_: unknown, __: unknown, request: () => Promise<T>) => request() },
    networkPolicies,
  };
  const { events } = await requestWith(desk, { buildId: randomUUID(), spec }, context);
  const [{ event } = { event: undefined }] = events;
  return (event as { data: { spec: BuildSpec } }).data.spec.networkPolicy;
}

describe('a build that is asked for', () => {
  it.each<[string, NetworkPolicy | undefined, NetworkPolicies, NetworkPolicy]>([
    ['the default of the operator', undefined, { initial: 'proxy', loosest: 'full' }, 'proxy'],
    ['what its namespace has chosen', 'none', { initial: 'full', loosest: 'full' }, 'none'],
    ['what the operator has closed since', 'full', { initial: 'full', loosest: 'proxy' }, 'proxy'],
  ])('has the network policy of now: %s', async (_, chosen, policies, expected) =>
    expect(await frozen(chosen, policies)).toBe(expected),
  );
});
