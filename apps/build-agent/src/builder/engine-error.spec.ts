import { classifyBuildError, classifyPushError } from './engine-error.js';

const BASE = '[internal] load metadata for registry.example/a/b:1';
const run = { name: '[2/2] RUN make', index: 2 };

describe('what the engine says of a build', () => {
  it.each([
    [
      'failed to copy: httpReadSeeker: failed open: unexpected status code 503 Service Unavailable',
      'REGISTRY_UNAVAILABLE',
    ],
    ['dial tcp 127.0.0.1:1: connect: connection refused', 'REGISTRY_UNAVAILABLE'],
    ['toomanyrequests: You have reached your pull rate limit', 'REGISTRY_UNAVAILABLE'],
    ['registry.example/a/b:1: not found', 'BASE_IMAGE_NOT_FOUND'],
    ['pull access denied, repository does not exist or may require authorization', 'BASE_IMAGE_NOT_FOUND'],
    ['failed to extract layer: write /x: no space left on device', 'DISK_FULL'],
    ['pulling from host registry.example failed with status code [manifests 1]: 403 Forbidden', 'BASE_IMAGE_NOT_FOUND'],
  ])('while it fetches a base image: %j', (message, code) =>
    expect(classifyBuildError({ message, during: BASE, step: undefined }).code).toBe(code),
  );

  it.each([
    'failed to load cache key: invalid response status 401',
    'failed to load cache key: Get "http://nowhere.example/": dial tcp: lookup nowhere.example: no such host',
    'failed to load cache key: Get "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused',
  ])('takes an ADD of a URL for the failure of the Dockerfile that it is: %j', (message) => {
    const failure = classifyBuildError({ message, during: undefined, step: undefined });
    expect(failure).toMatchObject({ code: 'DOCKERFILE_STEP_FAILED', infrastructure: false });
  });

  it('takes an image of COPY --from that is refused for one that is not there', () => {
    const refused = 'pulling from host registry.example failed with status code [manifests 1]: 403 Forbidden';
    const message = `failed to load cache key: ${refused}`;
    expect(classifyBuildError({ message, during: undefined, step: undefined }).code).toBe('BASE_IMAGE_NOT_FOUND');
  });

  it.each([
    ['failed to create diff: write /var/lib/x: no space left on device', undefined, 'DISK_FULL'],
    ['executor failed running: cannot allocate memory', undefined, 'ENGINE_UNAVAILABLE'],
    ['did not complete successfully: exit code: 1: no space left on device', 1, 'DOCKERFILE_STEP_FAILED'],
    ['did not complete successfully: exit code: 2', 2, 'DOCKERFILE_STEP_FAILED'],
  ])('in a step: %j with exit code %p', (message, exitCode, code) => {
    const step = exitCode === undefined ? run : { ...run, exitCode };
    expect(classifyBuildError({ message, during: run.name, step }).code).toBe(code);
  });
});

/** A push is tried five times by the engine itself, for most of a minute, before it says so. */
describe('what the engine says of a push', () => {
  it.each([
    ['received unexpected HTTP status: 503 Service Unavailable', 'REGISTRY_UNAVAILABLE', true],
    ['received unexpected HTTP status: 502 Bad Gateway', 'REGISTRY_UNAVAILABLE', true],
    ['dial tcp: lookup registry.example: no such host', 'REGISTRY_UNAVAILABLE', true],
    ['Put "https://r/v2/": http: server gave: write /data: no space left on device', 'REGISTRY_UNAVAILABLE', true],
    ['unauthorized: authentication required', 'PUSH_FAILED', false],
    ['denied: requested access to the resource is denied', 'PUSH_FAILED', false],
  ])('%j', (message, code, infrastructure) =>
    expect(classifyPushError(message)).toMatchObject({ code, infrastructure }),
  );
});
