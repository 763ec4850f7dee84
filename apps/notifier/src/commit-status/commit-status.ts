import type { BuildView } from '@slipway/contracts';
import type { ToldBuild } from '../builds/told-build.js';
import { durationOf, linkTo, oneLine } from '../builds/words.js';

/** What is shown at a commit, in our own words: each code host has others. */
export interface CommitStatus {
  readonly state: 'pending' | 'success' | 'failure' | 'cancelled';
  /** `owner/project` on the code host. */
  readonly codePath: string;
  readonly commit: string;
  /** Tells apart what several builds say of one commit. */
  readonly context: string;
  readonly url: string;
  readonly description: string;
  /** ISO 8601. */
  readonly at: string;
}

/** GitHub takes no more. */
const MAX_DESCRIPTION = 140;

/** One context an image tag, so that the next build of the same tag replaces what was said before. */
export function commitStatusOf({ build, at }: ToldBuild, publicUrl: string): CommitStatus {
  if (build.code_head_commit === null) throw new Error(`the commit of build ${build.build_id} is not known`);
  return {
    state: STATES[build.state],
    codePath: build.code_repo_path,
    commit: build.code_head_commit,
    context: `slipway/${build.docker_repo_path}:${build.docker_repo_tag}`,
    url: linkTo(build, publicUrl),
    description: shortened(oneLine(descriptionOf(build))),
    at,
  };
}

/** A superseded build made its image: only a tag went to a newer one. */
const STATES: Readonly<Record<BuildView['state'], CommitStatus['state']>> = {
  queued: 'pending',
  starting: 'pending',
  cloning: 'pending',
  building: 'pending',
  pushing: 'pending',
  cancelling: 'pending',
  succeeded: 'success',
  superseded: 'success',
  failed: 'failure',
  cancelled: 'cancelled',
};

function descriptionOf(build: BuildView): string {
  const duration = durationOf(build);
  const after = duration === null ? '' : ` after ${duration}`;
  switch (build.state) {
    case 'queued':
      return 'Waits to be built.';
    case 'succeeded':
      return `Built${after}.`;
    case 'superseded':
      return `Built${after}; a newer build has the tag.`;
    case 'failed':
      return `Failed${after}: ${build.failure?.message ?? 'for a reason unknown'}`;
    case 'cancelled':
      return `Cancelled${after}.`;
    case 'starting':
    case 'cloning':
    case 'building':
    case 'pushing':
    case 'cancelling':
      return 'Is being built.';
  }
}

/** By characters, not halves of them. */
function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length <= MAX_DESCRIPTION ? text : `${characters.slice(0, MAX_DESCRIPTION - 1).join('')}…`;
}
