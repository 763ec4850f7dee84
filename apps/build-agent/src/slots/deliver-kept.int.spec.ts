import { randomUUID } from 'node:crypto';
import { commandSubjects, Lease } from '@slipway/contracts';
import { egressTo } from '@slipway/egress';
import { connectNats, serve } from '@slipway/messaging';
import { silentLogger } from '@slipway/platform';
import { startNatsServer, temporaryDirectory, until } from '@slipway/testing';
import { Env } from '../config.js';
import { dummyBuilder } from '../builder/dummy.builder.js';
import { Belongings } from '../collect/belongings.js';
import { FinalReports } from '../reports/final-reports.js';
import { dummySource } from '../source/dummy.source.js';
import { AtWork } from './at-work.js';
import { deliverKept } from './job-runner.js';

describe('a final report of an earlier life', () => {
  it('stays kept while nobody answers, and goes once the build is over', async () => {
    const server = await startNatsServer();
    const directory = temporaryDirectory();
    const nats = await connectNats({ url: server.url, name: 'test' });
    const lease = { buildId: randomUUID(), agentId: 'a1', leaseId: randomUUID() };
    const outcome = { status: 'succeeded' as const };
    const at = '2026-01-02T03:04:05.678Z';
    const finalReports = new FinalReports(directory.path);
    await finalReports.keep({ type: 'ended', reportId: randomUUID(), ...lease, attempt: 1, at, outcome, logLines: 0 });
    const config = Env.parse({ AGENT_STATE_DIR: directory.path, ACK_WAIT_MS: '1000' });
    const parts = { source: dummySource, builder: dummyBuilder(), atWork: new AtWork(() => {}), logger: silentLogger };
    const belongings = new Belongings(randomUUID());
    const agent = { config, nats, finalReports, egress: egressTo(), belongings, ...parts };
    const stop = new AbortController();
    let isDelivered = false;
    const delivery = deliverKept(agent, stop.signal).then(() => (isDelivered = true));

    const startedAt = performance.now();
    await until(() => performance.now() - startedAt > 2_500, { limitMs: 10_000 }); // more than two leases of silence
    expect([isDelivered, (await finalReports.kept()).length]).toEqual([false, 1]);

    const orchestrator = serve(nats, {
      subject: commandSubjects.renewLease,
      queue: 'test',
      schema: Lease,
      onError: () => {},
      handle: () => Promise.resolve({ lease: 'over' }),
    });
    await until(() => isDelivered, { limitMs: 15_000 });
    expect(await finalReports.kept()).toEqual([]);
    stop.abort();
    await delivery;
    await orchestrator.stop();
    await nats.close();
    await server.stop();
    directory.remove();
  }, 40_000);
});
