import { Secret } from '@slipway/platform';
import { BASE, cleanUp, engine, runBuild, type Recorded } from './testing/engine-fixture.js';

const docker = engine();
const SLOW = 60_000; // ms for one test: the machine may be busy
const secrets = new Map([
  ['token', new Secret('s3cr3t-ünï\nof two lines')],
  ['other', new Secret('of nobody')],
]);
afterAll(cleanUp);

const build = (Dockerfile: string, kind: 'buildkit' | 'classic' = 'buildkit'): Promise<Recorded> =>
  runBuild({ docker, kind, files: { Dockerfile: `FROM ${BASE}\n${Dockerfile}\n` }, request: { secrets } });

describe('a build secret', () => {
  it(
    'is there for the step that mounts it, byte by byte, and nowhere else',
    async () => {
      const { image, events } = await build(
        'RUN --mount=type=secret,id=token cat /run/secrets/token && ! test -e /run/secrets/other && env\n' +
          'RUN ! test -s /run/secrets/token && echo gone',
      );
      expect(events.output('stdout')).toMatch(/^s3cr3t-ünï\nof two lines[\s\S]*gone\n$/);
      expect(events.output('stdout').match(/s3cr3t/g)).toHaveLength(1); // not in the environment
      const history = await docker.getImage(image!.imageId).history();
      const inspected = await docker.getImage(image!.imageId).inspect();
      expect(JSON.stringify([history, inspected])).not.toContain('s3cr3t');
    },
    SLOW,
  );

  it(
    'that nobody has set is missed by the step that requires it',
    async () => {
      const { failure } = await build('RUN --mount=type=secret,id=missing,required cat /run/secrets/missing');
      expect(failure).toMatchObject({
        code: 'DOCKERFILE_STEP_FAILED',
        message: expect.stringMatching(/missing.*not found/),
      });
    },
    SLOW,
  );

  it(
    'is refused by a builder that has no place for it but the image',
    async () => {
      const { failure } = await build('RUN --mount=type=secret,id=token cat /run/secrets/token', 'classic');
      expect(failure).toMatchObject({ code: 'SECRETS_UNSUPPORTED', infrastructure: false });
    },
    SLOW,
  );
});
