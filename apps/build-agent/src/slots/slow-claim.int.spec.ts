import { jetstream } from '@nats-io/jetstream';
import { ClaimRequest, commandSubjects, Lease, PublishRequest, type ClaimReply } from '@slipway/contracts';
import { STREAMS } from '@slipway/messaging';
import { until } from '@slipway/testing';
import { granted } from './job.fixtures.js';
import { ACK_WAIT_MS, JobHouse } from './job-house.fixtures.js';

describe('a claim whose answer takes longer than a lease', () => {
  let house: JobHouse;
  beforeAll(async () => {
    house = await JobHouse.open();
  }, 60_000);
  afterAll(() => house.close());

  it('costs no attempt: the job stays with its agent, which asks again for the same lease', async () => {
    const asked: ClaimRequest[] = [];
    let isReported = false;
    const over = Promise.withResolvers<ClaimReply>();
    const services = [
      house.answering(commandSubjects.claimBuild, ClaimRequest, (claim) => {
        asked.push(claim);
        return asked.length === 1 ? over.promise : granted; // the first is never answered in time
      }),
      house.answering(commandSubjects.publishBuild, PublishRequest, () => ({ tags: [] })),
      house.answering(commandSubjects.renewLease, Lease, () => ({ lease: isReported ? 'over' : 'current' })),
    ];
    let isDone = false;
    const { done } = await house.runOne();
    const running = done.then(() => (isDone = true));
    expect(await house.nextJob(3 * ACK_WAIT_MS)).toBeUndefined(); // it comes to nobody else
    await until(async () => (await house.agent.finalReports.kept()).length === 1);
    isReported = true;
    await until(() => isDone);
    await running;
    expect(asked).toHaveLength(2);
    expect(asked[1]?.leaseId).toBe(asked[0]?.leaseId);
    expect(asked[0]?.traits).toEqual({ buildNodes: ['in'], labels: {}, networkPolicies: ['none', 'full'] });
    const manager = await jetstream(house.nats).jetstreamManager();
    expect((await manager.streams.info(STREAMS.queue)).state.messages).toBe(0);
    over.resolve({ answer: 'over' });
    await Promise.all(services.map((service) => service.stop()));
  }, 60_000);
});
