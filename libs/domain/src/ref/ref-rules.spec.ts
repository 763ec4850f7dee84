import type { TagConfig } from '@slipway/contracts';
import { latest } from '../repository/repository.fixtures.js';
import { assertRules, chosenRule } from './chosen-rule.js';
import { rulesFor } from './ref-rules.js';

const config = (id: number, refName: string, dockerRepoTag: string, change: Partial<TagConfig> = {}): TagConfig => ({
  ...latest,
  id,
  refName,
  dockerRepoTag,
  isActive: true,
  ...change,
});
const branch = (refName: string) => ({ refType: 'branch', refName }) as const;
const fires = (tagConfigId: number, imageTag: string) => ({ fires: true, tagConfigId, imageTag });
const skipped = (tagConfigId: number | null, why: string) => ({ fires: false, tagConfigId, why });

describe('a pushed ref', () => {
  it('is built by every active tag config that is for it', () =>
    expect(
      rulesFor(branch('release/1.2'), [
        config(1, 'main', 'latest'),
        config(2, 'release/*', 'rel-{1}'),
        config(3, '/^release/', 'newest-release'),
        config(4, 'release/*', 'tag-{1}', { refType: 'tag' }),
      ]),
    ).toEqual([fires(2, 'rel-1.2'), fires(3, 'newest-release')]));

  it('says that no rule is for it, or that the one that is for it is not active', () => {
    expect(rulesFor(branch('other'), [config(1, 'main', 'latest')])).toEqual([skipped(null, 'NO_RULE')]);
    expect(rulesFor(branch('main'), [config(1, 'main', 'latest', { isActive: false })])).toEqual([
      skipped(null, 'NOT_ACTIVE'),
    ]);
  });

  it('says which rule can make no image tag of it, and which would make the same as another', () =>
    expect(
      rulesFor(branch('-x/é'.slice(1)), [config(1, '**', '{1}'), config(2, 'x/*', '{1}'), config(3, 'x/é', 'x--')]),
    ).toEqual([fires(1, 'x--'), skipped(2, 'TAG_INVALID'), skipped(3, 'TAG_TAKEN')]));

  it('is no business of a pattern from before patterns', () =>
    expect(rulesFor(branch('main'), [config(1, '/broken(/', 'latest')])).toEqual([skipped(null, 'NO_RULE')]));
});

describe('a build that somebody asks for', () => {
  const configs = [
    config(1, 'main', 'latest', { isActive: false }),
    config(2, 'release/*', 'rel-{1}'),
    config(3, '/^hot(.+)$/', 'hot{1}', { refType: 'tag' }),
  ];
  const ask = (tag: string, refName?: string) => {
    const { config: chosen, ...rule } = chosenRule({ tag, refName }, configs);
    return { id: chosen.id, ...rule };
  };
  const refused = (code: string) => expect.objectContaining({ code }) as Error;

  it('names a tag config by its docker_repo_tag, active or not', () =>
    expect(ask('latest')).toEqual({ id: 1, refName: 'main', imageTag: 'latest' }));

  it('names a ref where the tag config has a pattern, and the tag as it is written or as it comes out', () => {
    const made = { id: 2, refName: 'release/1.2', imageTag: 'rel-1.2' };
    expect(ask('rel-{1}', 'release/1.2')).toEqual(made);
    expect(ask('rel-1.2', 'release/1.2')).toEqual(made);
    expect(ask('hot1', 'hot1')).toEqual({ id: 3, refName: 'hot1', imageTag: 'hot1' });
  });

  it('is refused where it cannot be made', () => {
    expect(() => ask('nothing')).toThrow(refused('TAG_CONFIG_NOT_FOUND'));
    expect(() => ask('rel-1.2', 'main')).toThrow(refused('TAG_CONFIG_NOT_FOUND'));
    expect(() => ask('rel-{1}')).toThrow(refused('REF_REQUIRED'));
    expect(() => ask('rel-{1}', 'main')).toThrow(refused('REF_NOT_MATCHED'));
    expect(() => ask('latest', 'other')).toThrow(refused('REF_NOT_MATCHED'));
    expect(() => ask('rel-{1}', `release/${'1'.repeat(128)}`)).toThrow(refused('IMAGE_TAG_INVALID'));
  });
});

describe('the rules of a build config', () => {
  const refusal = (refName: string, dockerRepoTag: string) => {
    try {
      assertRules([latest, config(2, refName, dockerRepoTag)], 'tag_configs');
      return undefined;
    } catch (error) {
      return error;
    }
  };

  it('are patterns that end, and image tags that they can fill', () => {
    expect(refusal('release/*', 'rel-{1}')).toBeUndefined();
    expect(refusal('main', '{sourceref}')).toBeUndefined();
    expect(refusal('/(?=a)/', 'x')).toMatchObject({
      code: 'REF_PATTERN_INVALID',
      details: { source: 'tag_configs.1.code_repo_type_value' },
    });
    expect(refusal('release/*', 'rel-{2}')).toMatchObject({
      code: 'TAG_TEMPLATE_INVALID',
      details: { source: 'tag_configs.1.docker_repo_tag' },
    });
  });
});
