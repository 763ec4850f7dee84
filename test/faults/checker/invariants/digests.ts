import { ownTags as tagsOf, publicTagOfStream } from '@slipway/contracts';
import type { Finding, History } from '../history.js';
import { holdersOf, type Timeline } from '../timeline.js';

/** I5: what is recorded is what lies in the registry, under the own tags of a build and of its attempt, and every public one. */
export function checkDigests(timelines: readonly Timeline[], { events, registry }: History): readonly Finding[] {
  if (!registry) return [];
  return [...ownTags(timelines), ...publicTags(events)].flatMap(({ reference, digest }) => {
    const found = registry.get(reference);
    if (found === digest) return [];
    return [{ invariant: 'I5', subject: reference, expected: digest, found: found ?? 'no such tag' }];
  });
}

/** What must lie there: `<namespace>/<name>:<tag>`. */
export interface Image {
  readonly reference: string;
  readonly digest: string;
}

export const ownTags = (timelines: readonly Timeline[]): readonly Image[] =>
  timelines.flatMap(({ buildId, build }) => {
    const [first] = build;
    if (first?.event.type !== 'BuildRequested') return [];
    const { namespace, repoName } = first.event.data.spec;
    return build.flatMap(({ event }) => {
      if (event.type !== 'BuildSucceeded') return [];
      const { attempt, digest } = event.data;
      const tags = [tagsOf.ofBuild(buildId), tagsOf.ofAttempt(buildId, attempt)];
      return tags.map((tag) => ({ reference: `${namespace}/${repoName}:${tag}`, digest }));
    });
  });

export const publicTags = (events: History['events']): readonly Image[] =>
  [...holdersOf(events)].flatMap(([stream, { data }]) => {
    const tag = publicTagOfStream(stream);
    return tag ? [{ reference: `${tag.namespace}/${tag.repoName}:${tag.tag}`, digest: data.digest }] : [];
  });
