import { AppError } from '@slipway/kernel';
import { annotate, openSpan, outsideTrace, traced, traceFields, traceparentNow } from './span.js';

const GIVEN = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe('a trace while nothing is exported', () => {
  it('goes on as it came, across awaits and spans', async () => {
    const seen = await traced('outer', { from: GIVEN }, async () => {
      await later();
      return traced('inner', { kind: 'client' }, async () => {
        await later();
        annotate({ 'slipway.build_id': 'b' });
        return traceparentNow();
      });
    });
    expect(seen).toBe(GIVEN);
    expect(traceparentNow()).toBeUndefined();
  });

  it('is not begun here', async () => {
    await traced('root', { isRoot: true }, async () => expect(traceparentNow()).toBeUndefined());
    expect(openSpan('open', {}).traceparent).toBeUndefined();
  });

  it.each([
    '',
    'hello',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    '01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    `${GIVEN}\n`,
  ])('is not taken from %j, and hides that of whoever reads it', (from) =>
    traced('mine', { from: GIVEN }, () =>
      traced('theirs', { from }, async () => expect(traceparentNow()).toBeUndefined()),
    ),
  );

  it('can be left for what would bury it', () =>
    traced('outer', { from: GIVEN }, async () => {
      expect(outsideTrace(traceparentNow)).toBeUndefined();
      expect(traceparentNow()).toBe(GIVEN);
    }));

  it('lets results and failures through', async () => {
    expect(await traced('well', { from: GIVEN }, async () => 7)).toBe(7);
    const failing = traced('badly', { from: GIVEN }, () => Promise.reject(new AppError('BUILD_NOT_FOUND')));
    await expect(failing).rejects.toMatchObject({ code: 'BUILD_NOT_FOUND' });
  });

  it('is in the lines of a log', async () => {
    const ids = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' };
    await traced('outer', { from: GIVEN }, async () => expect(traceFields()).toEqual(ids));
    expect(traceFields()).toEqual({});
  });
});
