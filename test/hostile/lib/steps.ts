import type Docker from 'dockerode';
import type { BuildRequest } from '../../../apps/build-agent/src/builder/builder.js';
import type { StepGuard } from '../../../apps/build-agent/src/limits/step-guard.js';
import { BASE, engine, runBuild, type Recorded } from '../../../apps/build-agent/src/builder/testing/engine-fixture.js';

export { BASE, cleanUp } from '../../../apps/build-agent/src/builder/testing/engine-fixture.js';

export const SLOW = 60_000; // ms for one test: the machine may be busy

/** This checkout started its engine itself: only there are the rules of its network and of its cgroup ours. */
export const hasOwnEngine = process.env['SLIPWAY_ENGINE_CGROUP'] !== undefined;
export const ownEngine = hasOwnEngine ? it : it.skip;

export interface HostileBuild {
  readonly kind?: 'buildkit' | 'classic';
  readonly files?: Readonly<Record<string, string>>;
  /** Symlinks, and what they point to. */
  readonly links?: Readonly<Record<string, string>>;
  readonly request?: Partial<BuildRequest>;
  readonly onOutput?: () => void | Promise<void>;
  /** Instead of that of the test run. */
  readonly docker?: Docker;
  readonly guard?: StepGuard;
}

/** Builds a Dockerfile that goes on from a base image with a shell and the usual tools. */
export const build = (
  instructions: string,
  { kind = 'buildkit', files = {}, links = {}, request = {}, onOutput, docker = engine(), guard }: HostileBuild = {},
): Promise<Recorded> =>
  runBuild({
    docker,
    kind,
    files: { Dockerfile: `FROM ${BASE}\n${instructions}\n`, ...files },
    links,
    request,
    ...(onOutput && { onOutput }),
    ...(guard && { guard }),
  });

/** A shell command that says of each place whether it answers. */
export const tries = (places: readonly string[]): string =>
  places
    .map(
      (place) => `if wget -T 3 -q -O - http://${place}/; then echo "reached ${place}"; else echo "shut ${place}"; fi`,
    )
    .join('; ');
