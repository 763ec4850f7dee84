import type { ClaimReply, ClaimRequest, Lease } from '@slipway/contracts';
import { countingIds } from '@slipway/testing';
import { AT_ONCE, ClaimLine, type AssertWanted } from './claim-line.js';

const OVER: ClaimReply = { answer: 'over' };

/** A line, what is being decided in it, and its clock. */
function lineOf() {
  const ids = countingIds();
  const time = { ms: 1_000 };
  const begun: { readonly lease: Lease; readonly assertWanted: AssertWanted; readonly end: () => void }[] = [];
  const line = new ClaimLine(
    (lease, assertWanted) => {
      const { promise, resolve } = Promise.withResolvers<ClaimReply>();
      begun.push({ lease, assertWanted, end: () => resolve(OVER) });
      return promise;
    },
    () => time.ms,
  );
  const claim = (): ClaimRequest => ({ buildId: ids(), agentId: 'a1', leaseId: ids(), waitMs: 3_000 });
  return { line, begun, time, claim };
}
const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('a line of claims', () => {
  it('decides some at once, and the others in the order in which they came', async () => {
    const { line, begun, claim } = lineOf();
    const asked = Array.from({ length: AT_ONCE + 2 }, claim);
    const replies = asked.map((one) => line.ask(one));
    await turns();
    expect(begun).toHaveLength(AT_ONCE);
    begun[3]?.end();
    expect(await replies[3]).toEqual(OVER);
    await turns();
    expect(begun).toHaveLength(AT_ONCE + 1);
    for (let decided = 0; decided < asked.length; decided++) {
      begun[decided]?.end();
      await turns();
    }
    expect(await Promise.all(replies)).toEqual(asked.map(() => OVER));
    expect(begun.map(({ lease }) => lease.leaseId)).toEqual(asked.map(({ leaseId }) => leaseId));
  });

  it('is one claim however often its agent asks', async () => {
    const { line, begun, claim } = lineOf();
    const one = claim();
    const replies = [line.ask(one), line.ask(one)];
    await turns();
    replies.push(line.ask(one));
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    expect(await Promise.all(replies)).toEqual([OVER, OVER, OVER]);
  });

  it('drops a claim that nobody waits for when it is its turn, and goes on', async () => {
    const { line, begun, time, claim } = lineOf();
    const first = Array.from({ length: AT_ONCE }, () => line.ask({ ...claim(), waitMs: 60_000 }));
    const forgotten = expect(line.ask(claim())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    const again = claim();
    const replies = [line.ask(again)];
    time.ms += 2_999;
    replies.push(line.ask(again));
    time.ms += 1;
    await turns();
    for (const { end } of begun) end();
    await forgotten;
    await turns();
    expect(begun.map(({ lease }) => lease.leaseId).slice(AT_ONCE)).toEqual([again.leaseId]);
    begun.at(-1)?.end();
    expect(await Promise.all(replies)).toEqual([OVER, OVER]);
    await Promise.all(first);
  });

  it('tells while a claim is decided whether its agent still waits', async () => {
    const { line, begun, time, claim } = lineOf();
    void line.ask(claim());
    await turns();
    time.ms += 2_999;
    expect(begun[0]?.assertWanted).not.toThrow();
    time.ms += 1;
    expect(begun[0]?.assertWanted).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
  });
});
