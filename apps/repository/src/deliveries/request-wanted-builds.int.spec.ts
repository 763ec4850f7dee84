import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { commandEnvelope, commandSubjects, RequestBuildCommand } from '@slipway/contracts';
import { AppError } from '@slipway/kernel';
import { connectNats, serve } from '@slipway/messaging';
import { startNatsServer, type TestServer } from '@slipway/testing';
import type { z } from 'zod';
import { requestWantedBuilds } from './request-wanted-builds.js';

const Asked = commandEnvelope(RequestBuildCommand);
type Asked = z.infer<typeof Asked>;

let server: TestServer;
let nats: NatsConnection;
beforeAll(async () => {
  server = await startNatsServer();
  nats = await connectNats({ url: server.url, name: 'test' });
}, 30_000);
afterAll(async () => {
  await nats.close();
  await server.stop();
});

const order = {
  namespace: 'alice',
  repoName: 'hello',
  by: 'alice',
  trigger: { kind: 'webhook', deliveryId: 'd1' },
  correlationId: 'c1',
} as const;
const build = (dockerRepoTag: string) => ({
  buildId: randomUUID(),
  refName: 'main',
  commit: 'a'.repeat(40),
  dockerRepoTag,
});

/** An orchestrator that answers so. */
async function answering(answer: (asked: Asked) => void, act: () => Promise<void>): Promise<void> {
  const service = serve<Asked>(nats, {
    subject: commandSubjects.requestBuild,
    queue: 'q',
    schema: Asked,
    handle: async (asked) => {
      answer(asked);
      return Promise.resolve({ events: [], position: 1 });
    },
    onError: () => undefined,
  });
  await nats.flush();
  try {
    await act();
  } finally {
    await service.stop();
  }
}

describe('builds that are wanted', () => {
  it('are asked for under their ids, with commit, ref and trigger', async () => {
    const asked: Asked[] = [];
    const wanted = build('latest');
    await answering(
      (message) => void asked.push(message),
      async () => expect(await requestWantedBuilds(nats, order, [wanted])).toEqual([]),
    );
    expect(asked).toMatchObject([
      {
        commandId: wanted.buildId,
        actor: 'alice',
        command: {
          namespace: 'alice',
          repo_name: 'hello',
          tag: 'latest',
          code_repo_type_value: 'main',
          code_commit_id: wanted.commit,
          trigger: order.trigger,
        },
      },
    ]);
  });

  it('do not stand in each other’s way when one is refused', async () => {
    const [gone, good] = [build('gone'), build('latest')];
    await answering(
      ({ command }) => {
        if (command.tag === 'gone') throw new AppError('TAG_CONFIG_NOT_FOUND');
      },
      async () =>
        expect(await requestWantedBuilds(nats, order, [gone, good])).toEqual([
          { buildId: gone.buildId, code: 'TAG_CONFIG_NOT_FOUND' },
        ]),
    );
  });

  it('are to be asked for again when the namespace is full, or nobody answers', async () => {
    await answering(
      () => {
        throw new AppError('QUOTA_EXCEEDED');
      },
      () =>
        expect(requestWantedBuilds(nats, order, [build('latest')])).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' }),
    );
    await expect(requestWantedBuilds(nats, order, [build('latest')])).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });
});
