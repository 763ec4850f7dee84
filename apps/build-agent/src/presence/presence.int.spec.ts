import type { NatsConnection } from '@nats-io/transport-node';
import { AgentHeartbeat, agentSubjects } from '@slipway/contracts';
import { systemClock as clock } from '@slipway/kernel';
import { connectNats } from '@slipway/messaging';
import { startNatsServer, until, type TestServer } from '@slipway/testing';
import { Env } from '../config.js';
import { AtWork } from '../slots/at-work.js';
import { HEARTBEAT_MS, Presence } from './presence.js';

const buildId = '5709f780-e8fb-4b52-aa3b-6256b572fb51';
const config = Env.parse({ AGENT_STATE_DIR: '/nowhere', AGENT_ID: 'a1', AGENT_LABELS: 'arch=arm64, gpu=no' });

describe('an agent tells who it is', () => {
  let server: TestServer;
  let nats: NatsConnection;
  const heard: AgentHeartbeat[] = [];
  beforeAll(async () => {
    server = await startNatsServer();
    nats = await connectNats({ url: server.url, name: 'test' });
    nats.subscribe(agentSubjects.heartbeat, {
      callback: (_, message) => void heard.push(AgentHeartbeat.parse(message.json())),
    });
  });
  afterAll(async () => {
    await nats.close();
    await server.stop();
  });
  const hear = (what: string, isIt: (said: AgentHeartbeat) => boolean, limitMs = HEARTBEAT_MS / 2): Promise<boolean> =>
    until(() => heard.some(isIt), { limitMs, what });

  it('at once, when something changes, when it is asked, when nothing happens, and when it ends', async () => {
    const stop = new AbortController();
    const atWork = new AtWork(() => presence.changed());
    const now = () => ({ builds: atWork.builds, pausedBy: [], freeDiskBytes: 7 });
    const presence: Presence = new Presence(nats, config, now, clock);
    const telling = presence.tell(stop.signal);
    await hear('the first word', () => true);
    expect(heard[0]).toMatchObject({
      agentId: 'a1',
      buildNodes: ['in'],
      labels: { arch: 'arm64', gpu: 'no' },
      slots: 2,
      builds: [],
      freeDiskBytes: 7,
      isLast: false,
    });
    const build = atWork.begin(buildId);
    await hear('the build', ({ builds }) => builds[0] === buildId);
    build[Symbol.dispose]();
    await hear('its end', ({ builds }) => heard.length > 2 && builds.length === 0);

    const before = heard.length;
    nats.publish(agentSubjects.look, '{}');
    await until(() => heard.length > before, { limitMs: HEARTBEAT_MS / 2, what: 'the answer to a call' });
    const quiet = heard.length;
    await until(() => heard.length > quiet, { limitMs: 2 * HEARTBEAT_MS, what: 'a heartbeat' });

    stop.abort();
    await telling;
    await hear('the goodbye', ({ isLast }) => isLast);
    expect(new Set(heard.map(({ instanceId }) => instanceId)).size).toBe(1);
  }, 30_000);
});

it.each(['arch', 'arch=', '=arm64', 'arch=arm 64'])('refuses the labels %j', (AGENT_LABELS) => {
  expect(() => Env.parse({ AGENT_STATE_DIR: '/nowhere', AGENT_LABELS })).toThrow();
});
