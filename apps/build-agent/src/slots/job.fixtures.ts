import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import type { BuildSpec, ClaimReply } from '@slipway/contracts';
import { egressTo } from '@slipway/egress';
import { silentLogger } from '@slipway/platform';
import { Env } from '../config.js';
import { dummyBuilder } from '../builder/dummy.builder.js';
import { Belongings } from '../collect/belongings.js';
import { FinalReports } from '../reports/final-reports.js';
import { dummySource } from '../source/dummy.source.js';
import { AtWork } from './at-work.js';
import type { Agent } from './job-runner.js';

export const spec: BuildSpec = {
  namespace: 'alauda',
  repoName: 'test',
  configId: 3,
  tagConfigId: 4,
  client: 'Simple',
  codePath: 'http://127.0.0.1/test.git',
  cloneUrl: 'http://127.0.0.1/test.git',
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
  emailEnabled: false,
  requestedBy: 'alaudatest',
  trigger: { kind: 'api' },
};

export const granted: ClaimReply = {
  answer: 'granted',
  attempt: 1,
  requestedAt: '2026-01-02T03:04:05.678Z',
  spec,
};

/** It fetches nothing and runs no engine; its final reports lie in `AGENT_STATE_DIR`. */
export function dummyAgent(nats: NatsConnection, env: NodeJS.ProcessEnv & { readonly AGENT_STATE_DIR: string }): Agent {
  return {
    config: Env.parse(env),
    nats,
    source: dummySource,
    builder: dummyBuilder(),
    egress: egressTo(),
    finalReports: new FinalReports(env.AGENT_STATE_DIR),
    atWork: new AtWork(() => {}),
    belongings: new Belongings(randomUUID()),
    logger: silentLogger,
  };
}
