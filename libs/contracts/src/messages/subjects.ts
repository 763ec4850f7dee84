/** How many lanes reports and log chunks are spread over. Fixed: changing it needs empty streams. */
export const PARTITIONS = 16;

/** FNV-1a over the build id: every build has one lane, and every lane its order. */
export function partitionOf(buildId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < buildId.length; index++) {
    hash = Math.imul(hash ^ buildId.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % PARTITIONS;
}

/** Every subject is made here. */
export const subjects = {
  /** Work queue: a job is offered. */
  queue: (buildNode: string, buildId: string): string => `queue.${buildNode}.${buildId}`,
  queueOf: (buildNode: string): string => `queue.${buildNode}.*`,
  /** Reports: agents → orchestrator. */
  event: (buildId: string, type: string): string => `event.${partitionOf(buildId)}.${buildId}.${type}`,
  eventsOf: (partition: number): string => `event.${partition}.>`,
  /** Log chunks: agents → orchestrator. */
  log: (buildId: string): string => `log.${partitionOf(buildId)}.${buildId}`,
  logsOf: (partition: number): string => `log.${partition}.>`,
  /** Dead letters: whoever could not take a message in → operators. */
  deadLetter: (stream: string, consumer: string): string => `dead.${stream}.${consumer}`,
  /** What became of a dead letter that was replayed. */
  replayed: (id: number): string => `replayed.${id}`,
  /** To the agent that holds the build; core NATS, may be lost. */
  control: (buildId: string): string => `control.${buildId}`,
  /** A view has new rows for this key; core NATS, may be lost. */
  projected: (view: string, key: string): string => `projected.${view}.${key}`,
} as const;

/** Between agents and orchestrators; core NATS. */
export const agentSubjects = {
  /** Every orchestrator hears it. */
  heartbeat: 'agent.heartbeat',
  /** To all agents: say at once who you are. A hint, may be lost. */
  look: 'agent.look',
  /** Request/reply, to one life of an agent: take no more jobs, or take them again. */
  drain: (instanceId: string): string => `agent.drain.${instanceId}`,
} as const;

/** Request/reply: who decides answers. */
export const commandSubjects = {
  createRepository: 'cmd.repository.create',
  updateRepository: 'cmd.repository.update',
  deleteRepository: 'cmd.repository.delete',
  rotateDeployKey: 'cmd.repository.rotate-key',
  changeBuildConfig: 'cmd.repository.configure',
  issueWebhook: 'cmd.repository.issue-webhook',
  reconcileRefs: 'cmd.repository.reconcile',
  receiveDelivery: 'cmd.delivery.receive',
  replayDelivery: 'cmd.delivery.replay',
  login: 'cmd.user.login',
  signIn: 'cmd.user.sign-in',
  createUser: 'cmd.user.create',
  updateUser: 'cmd.user.update',
  changePassword: 'cmd.user.change-password',
  issueToken: 'cmd.token.issue',
  revokeToken: 'cmd.token.revoke',
  createRobot: 'cmd.robot.create',
  removeRobot: 'cmd.robot.remove',
  createNamespace: 'cmd.namespace.create',
  updateNamespace: 'cmd.namespace.update',
  chooseNetworkPolicy: 'cmd.namespace.choose-network-policy',
  giveRole: 'cmd.namespace.give-role',
  removeMember: 'cmd.namespace.remove-member',
  setQuota: 'cmd.namespace.set-quota',
  addHook: 'cmd.hook.add',
  changeHook: 'cmd.hook.change',
  removeHook: 'cmd.hook.remove',
  replayHookDelivery: 'cmd.hook.replay',
  drainAgent: 'cmd.agent.drain',
  replayDeadLetter: 'cmd.dead-letter.replay',
  removeDeadLetter: 'cmd.dead-letter.remove',
  requestBuild: 'cmd.build.request',
  openBuilds: 'cmd.build.open',
  rebuild: 'cmd.build.rebuild',
  endBuild: 'cmd.build.end',
  claimBuild: 'cmd.build.claim',
  renewLease: 'cmd.build.renew',
  publishBuild: 'cmd.build.publish',
  deployKey: 'cmd.build.deploy-key',
  buildSecrets: 'cmd.build.secrets',
  setSecret: 'cmd.secret.set',
  removeSecret: 'cmd.secret.remove',
  setRegistryCredential: 'cmd.registry-credential.set',
  removeRegistryCredential: 'cmd.registry-credential.remove',
  pinHostKeys: 'cmd.host-key.pin',
  unpinHostKeys: 'cmd.host-key.unpin',
  setCodeHostToken: 'cmd.code-host-token.set',
  removeCodeHostToken: 'cmd.code-host-token.remove',
} as const;

/** Request/reply: asks who decides what was decided. Changes nothing. */
export const querySubjects = {
  agents: 'query.agent.list',
  deadLetters: 'query.dead-letter.list',
  deadLetter: 'query.dead-letter.get',
  buildEvents: 'query.build.events',
  buildPlace: 'query.build.place',
  networkPolicy: 'query.namespace.network-policy',
  quota: 'query.namespace.quota',
  deployKey: 'query.repository.deploy-key',
  hostKeys: 'query.host-key.list',
  secrets: 'query.secret.list',
  secretValues: 'query.secret.values',
  registryCredentials: 'query.registry-credential.list',
  codeHostTokens: 'query.code-host-token.list',
} as const;
