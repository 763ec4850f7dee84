import { AppError, ERRORS, type ErrorCode } from './errors.js';

const codes = Object.keys(ERRORS) as ErrorCode[];

describe('an AppError', () => {
  it('says its code and text, and carries kind, details and cause', () => {
    const cause = new Error('connection refused');
    const error = new AppError('STORE_UNAVAILABLE', { stream: 'build-1' }, { cause });
    expect(error).toMatchObject({
      name: 'AppError',
      code: 'STORE_UNAVAILABLE',
      kind: 'unavailable',
      message: 'STORE_UNAVAILABLE: The event store did not answer.',
      details: { stream: 'build-1' },
      cause,
    });
  });

  it('has no details unless some are given', () => expect(new AppError('LEASE_STALE').details).toEqual({}));

  it.each(codes)('%s takes its kind from the table', (code) => expect(new AppError(code).kind).toBe(ERRORS[code].kind));
});

describe('the table of errors', () => {
  it.each(codes)('%s is a code in capitals with one sentence that may be shown to anybody', (code) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(ERRORS[code].text).toMatch(/^[A-Z`][^\n]*\.$/);
  });

  it('says each thing once', () => {
    const texts = codes.map((code) => ERRORS[code].text);
    expect(new Set(texts).size).toBe(texts.length);
  });
});
