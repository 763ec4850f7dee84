import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import {
  BuildSecretsReply,
  commandSubjects,
  decodeLogChunk,
  DeployKeyQuery,
  DeployKeyReply,
  querySubjects,
  SecretValuesQuery,
  streams,
} from '@slipway/contracts';
import { secrets } from '@slipway/domain';
import { buildLogCodec, commandHandler, secretCodec } from '@slipway/event-store';
import { request, serve, STREAMS } from '@slipway/messaging';
import { until } from '@slipway/testing';
import { at, House, image, ScriptedAgent } from './orchestrator.fixtures.js';

const LIMIT_MS = 40_000;
let house: House;
let stop: () => Promise<void>;

beforeAll(async () => {
  house = await House.open();
  stop = await house.orchestrator();
}, LIMIT_MS);
afterAll(async () => {
  await stop();
  await house.close();
}, LIMIT_MS);

/** A build whose job an agent holds and whose first attempt it has claimed. */
async function claimed(): Promise<{ buildId: string; agent: ScriptedAgent; ack: () => void }> {
  const buildId = await house.requested();
  const message = await house.jobOf(buildId);
  const agent = new ScriptedAgent(house.nats, buildId);
  expect(await agent.claim()).toMatchObject({ answer: 'granted', attempt: 1 });
  return { buildId, agent, ack: () => message.ack() };
}

async function logOf(buildId: string): Promise<readonly string[]> {
  const stored = await house.store.read(streams.buildLog(buildId));
  return stored.flatMap((event) => {
    const decoded = buildLogCodec.decode(event);
    return decoded?.type === 'LogAppended' ? decodeLogChunk(decoded.data.chunk).map(({ message }) => message) : [];
  });
}

describe('a request', () => {
  it('freezes what the build config says', async () => {
    const buildId = randomUUID();
    const { events } = await house.request(buildId);
    expect(events).toHaveLength(1);
    expect(events[0]?.event).toMatchObject({
      type: 'BuildRequested',
      data: {
        spec: {
          cloneUrl: 'https://bitbucket.org/alauda/buildtest.git',
          urls: { ref: 'https://bitbucket.org/alauda/buildtest/branch/master' },
          requestedBy: 'alice',
        },
      },
    });
    (await house.jobOf(buildId)).ack();
  });

  it('is one build, however often it is repeated', async () => {
    const buildId = randomUUID();
    const replies = await Promise.all([1, 2, 3].map(() => house.request(buildId)));
    expect(new Set(replies.map(({ position }) => position)).size).toBe(1);
    expect(await house.types(buildId)).toEqual(['BuildRequested']);
    (await house.jobOf(buildId)).ack();
  });

  it('of an unknown repository or tag is refused', async () => {
    await expect(house.request(randomUUID(), 'latest', 'nope')).rejects.toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
    await expect(house.request(randomUUID(), 'nope')).rejects.toMatchObject({ code: 'TAG_CONFIG_NOT_FOUND' });
  });
});

describe('an attempt', () => {
  it('ends well: steps, push, tags, log, and the end after the last line', async () => {
    const { buildId, agent, ack } = await claimed();
    await agent.advance(1);
    const { tags } = await agent.publish();
    expect(tags).toEqual([
      { tag: 'latest', moved: true },
      { tag: '552819d5c903472a36696e8ac620ac250e49829d', moved: true },
    ]);
    await agent.succeed(1, 15); // the end overtakes the log
    await agent.log(1, 1, 10);
    await agent.log(1, 11, 5);
    expect(await house.ended(buildId)).toMatchObject({ type: 'BuildSucceeded', data: { ...image, logLines: 15 } });
    expect(await logOf(buildId)).toHaveLength(15);
    expect(await agent.renew()).toEqual({ lease: 'over' });
    ack();
  }, 20_000);

  it('ends badly, with what the agent says of it', async () => {
    const { buildId, agent, ack } = await claimed();
    await agent.fail(1, 0);
    expect(await house.ended(buildId)).toMatchObject({
      type: 'BuildFailed',
      data: { failure: { code: 'DOCKERFILE_STEP_FAILED', exitCode: 2, lastLines: ['no rule'] } },
    });
    ack();
  });

  it('is lost when its job is delivered again: the next one goes on, and the old one is not heard any more', async () => {
    const { buildId, agent: lost } = await claimed();
    await lost.log(1, 1, 3);
    await until(async () => (await logOf(buildId)).length === 3);
    const message = await house.jobOf(buildId); // nobody renewed
    const next = new ScriptedAgent(house.nats, buildId, 'a2');
    expect(await next.claim()).toMatchObject({ answer: 'granted', attempt: 2 });
    expect(await lost.renew()).toEqual({ lease: 'stale' });
    await expect(lost.publish()).rejects.toMatchObject({ code: 'LEASE_STALE' });
    await lost.log(1, 4, 3);
    await lost.fail(1, 6);
    await next.log(2, 1, 2);
    await next.publish();
    await next.succeed(2, 2);
    expect(await house.ended(buildId)).toMatchObject({ type: 'BuildSucceeded', data: { attempt: 2, logLines: 5 } });
    expect(await house.types(buildId)).not.toContain('BuildFailed');
    expect(await logOf(buildId)).toEqual([
      ...[1, 2, 3].map((line) => `attempt 1 line ${line}`),
      ...[1, 2].map((line) => `attempt 2 line ${line}`),
    ]);
    message.ack();
  }, 20_000);

  it('has its log recorded whoever was quicker of several that claimed at once', async () => {
    for (let round = 0; round < 5; round++) {
      const buildId = await house.requested();
      const message = await house.jobOf(buildId);
      const agents = ['a1', 'a2', 'a3'].map((id) => new ScriptedAgent(house.nats, buildId, id));
      const answers = await Promise.all(agents.map((agent) => agent.claim()));
      const attempts = answers.map((answer) => (answer.answer === 'granted' ? answer.attempt : 0));
      const attempt = Math.max(...attempts);
      const holder = agents[attempts.indexOf(attempt)];
      expect(await holder?.renew()).toEqual({ lease: 'current' });
      await holder?.log(attempt, 1, 2);
      await holder?.fail(attempt, 2);
      expect(await house.ended(buildId)).toMatchObject({ data: { attempt, logLines: 2 } });
      message.ack();
    }
  }, 60_000);

  it('goes on after a chunk that cannot be read, or counts wrong', async () => {
    const { buildId, agent, ack } = await claimed();
    await agent.log(1, 1, 2);
    await agent.logBytes({ firstLine: 3, lines: 1 }, new Uint8Array([1, 2, 3]));
    await agent.log(1, 3, 2);
    await agent.fail(1, 4);
    expect(await house.ended(buildId)).toMatchObject({ data: { logLines: 4 } });
    ack();
  }, 20_000);

  it('says in the log how many lines were lost on their way', async () => {
    const { buildId, agent, ack } = await claimed();
    await agent.log(1, 1, 2);
    await agent.log(1, 6, 1);
    await agent.fail(1, 10);
    expect(await house.ended(buildId)).toMatchObject({ data: { logLines: 5 } });
    expect(await logOf(buildId)).toEqual([
      'attempt 1 line 1',
      'attempt 1 line 2',
      '3 log lines were lost on their way',
      'attempt 1 line 6',
      '4 log lines were lost on their way',
    ]);
    ack();
  }, 30_000);
});

describe('the queue', () => {
  it('gets back the jobs that it forgot', async () => {
    const buildId = await house.requested();
    await house.offered(buildId);
    await (await jetstreamManager(house.nats)).streams.delete(STREAMS.queue);
    (await house.jobOf(buildId)).ack();
    const agent = new ScriptedAgent(house.nats, buildId);
    await agent.claim();
    await agent.fail(1, 0);
    await house.ended(buildId);
  }, 60_000);

  it('gets back the job of a build at work: its agent keeps it while it lives, another takes over when it dies', async () => {
    const { buildId, agent } = await claimed();
    const die = agent.live();
    await (await jetstreamManager(house.nats)).streams.delete(STREAMS.queue);
    const again = await house.jobOf(buildId);
    const other = new ScriptedAgent(house.nats, buildId, 'a2');
    expect(await other.claim()).toEqual({ answer: 'held' });
    expect(await agent.renew()).toEqual({ lease: 'current' });
    die();
    expect(await other.claim()).toMatchObject({ answer: 'granted', attempt: 2 });
    await other.fail(2, 0);
    await house.ended(buildId);
    again.ack();
  }, 60_000);

  it('is filled by an orchestrator that was away when the build was requested', async () => {
    const other = await house.orchestrator();
    await stop();
    const buildId = await house.requested(); // the other answers
    await house.offered(buildId);
    await jetstream(house.nats)
      .jetstreamManager()
      .then((manager) => manager.streams.purge(STREAMS.queue));
    await other();
    stop = await house.orchestrator();
    (await house.jobOf(buildId)).ack();
  }, 60_000);
});

describe('the deploy key', () => {
  it('is asked for by the holder of the build alone, and passes by unopened', async () => {
    const { buildId, agent } = await claimed();
    const key = Buffer.alloc(32, 7).toString('base64');
    const reply = {
      publicKey: 'ssh-ed25519 AAAA',
      hostKeys: ['ssh-ed25519 BBBB'],
      box: { sender: key, iv: 'aXY=', tag: 'dGFn', ciphertext: 'c2VhbGVk' },
    };
    const asked: unknown[] = [];
    const repositoryService = serve(house.nats, {
      subject: querySubjects.deployKey,
      queue: 'repository',
      schema: DeployKeyQuery,
      onError: () => {},
      handle: (query) => {
        asked.push(query);
        return Promise.resolve(reply);
      },
    });
    const ask = (lease: object) =>
      request(
        house.nats,
        commandSubjects.deployKey,
        { ...lease, host: 'bitbucket.org', reader: key },
        { reply: DeployKeyReply },
      );

    expect(await ask(agent.lease)).toEqual(reply);
    const stranger = new ScriptedAgent(house.nats, buildId, 'a2');
    await expect(ask(stranger.lease)).rejects.toMatchObject({ code: 'LEASE_STALE' });
    expect(asked).toEqual([
      { namespace: 'alauda', repo_name: 'test', configId: 3, host: 'bitbucket.org', reader: key },
    ]);
    await repositoryService.stop();
  });
});

describe('the secrets of a build', () => {
  const key = Buffer.alloc(32, 7).toString('base64');
  const box = { sender: key, iv: 'aXY=', tag: 'dGFn', ciphertext: 'c2VhbGVk' };
  const ask = (lease: object) =>
    request(house.nats, commandSubjects.buildSecrets, { ...lease, reader: key }, { reply: BuildSecretsReply });

  it('are asked for by the holder of the build alone, pass by unopened, and cost nobody else a question', async () => {
    const { buildId, agent } = await claimed();
    expect(await ask(agent.lease)).toEqual({ secrets: [], registries: [] }); // though no repository service runs
    const value = { keyId: '0', iv: 'aXY=', tag: 'dGFn', ciphertext: 'c2VhbGVk' };
    await commandHandler(house.store, secrets, secretCodec)(
      streams.secrets('alauda'),
      {
        type: 'SetSecret',
        data: { namespace: 'alauda', configId: null, repoName: null, name: 'token', value, by: 'alice', at },
      },
      { commandId: randomUUID(), at, actor: 'user:alice', correlationId: 'c-0' },
    );
    const reply = { secrets: [{ name: 'token', box }], registries: [] };
    const asked: unknown[] = [];
    const repositoryService = serve(house.nats, {
      subject: querySubjects.secretValues,
      queue: 'repository',
      schema: SecretValuesQuery,
      onError: () => {},
      handle: (query) => {
        asked.push(query);
        return Promise.resolve(reply);
      },
    });
    expect(await ask(agent.lease)).toEqual(reply);
    const stranger = new ScriptedAgent(house.nats, buildId, 'a2');
    await expect(ask(stranger.lease)).rejects.toMatchObject({ code: 'LEASE_STALE' });
    expect(asked).toEqual([{ namespace: 'alauda', configId: 3, reader: key }]);
    await repositoryService.stop();
  });
});
