import { ClaimRequest, commandSubjects, Lease, PublishRequest, type RenewReply } from '@slipway/contracts';
import { until } from '@slipway/testing';
import { granted } from './job.fixtures.js';
import { ACK_WAIT_MS, JobHouse } from './job-house.fixtures.js';

describe('the final report of a build', () => {
  let house: JobHouse;
  beforeAll(async () => {
    house = await JobHouse.open();
  }, 60_000);
  afterAll(() => house.close());

  const renewing = (lease: RenewReply) => house.answering(commandSubjects.renewLease, Lease, () => lease);

  it('leaves the disk of an agent that lost the lease while nobody answered, without a restart', async () => {
    const { finalReports } = house.agent;
    const claims = house.answering(commandSubjects.claimBuild, ClaimRequest, () => granted);
    const publishes = house.answering(commandSubjects.publishBuild, PublishRequest, () => ({ tags: [] }));
    const holder = renewing({ lease: 'current' });
    let isDone = false;
    const { done } = await house.runOne();
    const running = done.then(() => (isDone = true));
    await until(async () => (await finalReports.kept()).length === 1);
    await holder.stop(); // until the lease has run out, and longer
    const silentSince = performance.now();
    await until(() => performance.now() - silentSince > 2.5 * ACK_WAIT_MS);
    expect([isDone, (await finalReports.kept()).length]).toEqual([false, 1]);

    const successor = renewing({ lease: 'stale' });
    await running;
    expect(await finalReports.kept()).toEqual([]);
    await Promise.all([claims, publishes, successor].map((service) => service.stop()));
  }, 60_000);
});
