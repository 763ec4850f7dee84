import { Failure, FailureCode, FAILURES } from './failure.js';

const codes = Object.keys(FAILURES) as FailureCode[];
const failure: Failure = {
  code: 'DOCKERFILE_STEP_FAILED',
  message: 'make ended with exit code 2',
  step: '[build 2/5] RUN make',
  exitCode: 2,
  lastLines: ['make: *** [all] Error 2'],
};

describe('the failure of a build', () => {
  it('comes out as it went in', () => expect(Failure.parse(failure)).toEqual(failure));

  it('may have happened outside of the Dockerfile', () => {
    const outside = { ...failure, code: 'SOURCE_TIMEOUT', step: null, exitCode: null, lastLines: [] };
    expect(Failure.parse(outside)).toEqual(outside);
  });

  it.each([
    ['an unknown code', { code: 'OUT_OF_LUCK' }],
    ['no message', { message: undefined }],
    ['a step left out', { step: undefined }],
    ['an exit code that is no integer', { exitCode: 1.5 }],
    ['last lines that are no text', { lastLines: [7] }],
  ])('is refused with %s', (_, broken) => expect(Failure.safeParse({ ...failure, ...broken }).success).toBe(false));
});

describe('the table of failures', () => {
  it('is what the schema of codes accepts', () => expect([...FailureCode.options].sort()).toEqual([...codes].sort()));

  it.each(codes)('%s is a code in capitals with one sentence', (code) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(FAILURES[code].text).toMatch(/^[A-Z][^\n]*\.$/);
  });

  it('blames the infrastructure for nothing that a user can mend', () => {
    const blamed = codes.filter((code) => FAILURES[code].infrastructure);
    expect(blamed.sort()).toEqual([
      'AGENT_STOPPING',
      'ATTEMPTS_EXHAUSTED',
      'DISK_FULL',
      'ENGINE_UNAVAILABLE',
      'INTERNAL',
      'NETWORK_UNSUPPORTED',
      'REGISTRY_UNAVAILABLE',
      'SECRETS_UNAVAILABLE',
      'SOURCE_UNREACHABLE',
      'WORKSPACE_FAILED',
    ]);
  });
});
