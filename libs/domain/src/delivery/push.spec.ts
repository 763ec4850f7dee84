import type { CodeHostName, RefChange } from '@slipway/contracts';
import {
  bitbucketChange,
  bitbucketDeletion,
  bitbucketPush,
  COMMIT,
  gitCafePush,
  gitHubDeletion,
  gitHubPing,
  gitHubPush,
  gitHubTag,
  giteePush,
  giteeTag,
  simplePush,
} from './payloads.fixtures.js';
import { eventOf, pushOf } from './push.js';

const main: RefChange = { refType: 'branch', refName: 'main', commit: COMMIT };
const tag: RefChange = { refType: 'tag', refName: 'v1.2', commit: COMMIT };
const push = { 'x-github-event': 'push' };
const repoPush = { 'x-event-key': 'repo:push' };

describe('a delivery of a push', () => {
  it.each<[CodeHostName, string, Record<string, string>, unknown, readonly RefChange[]]>([
    ['GitHub', 'branch', push, gitHubPush, [main]],
    ['GitHub', 'forced push', push, { ...gitHubPush, forced: true }, [main]],
    ['GitHub', 'annotated tag', push, gitHubTag, [tag]],
    ['GitHub', 'deletion', push, gitHubDeletion, [{ ...main, commit: null }]],
    [
      'GitHub',
      'deletion that only zeros tell',
      push,
      { ...gitHubDeletion, deleted: undefined },
      [{ ...main, commit: null }],
    ],
    [
      'GitHub',
      'ref that is neither',
      push,
      { ...gitHubPush, ref: 'refs/notes/commits' },
      [{ ...main, refType: null, refName: 'refs/notes/commits' }],
    ],
    ['Bitbucket', 'branch', repoPush, bitbucketPush(bitbucketChange('branch', 'main')), [main]],
    [
      'Bitbucket',
      'several refs at once',
      repoPush,
      bitbucketPush(
        bitbucketChange('branch', 'main'),
        bitbucketDeletion('branch', 'old'),
        bitbucketChange('tag', 'v1.2'),
      ),
      [main, { refType: 'branch', refName: 'old', commit: null }, tag],
    ],
    [
      'Bitbucket',
      'bookmark',
      repoPush,
      bitbucketPush(bitbucketChange('bookmark', 'x')),
      [{ refType: null, refName: 'x', commit: COMMIT }],
    ],
    ['OSChina', 'branch', { 'x-gitee-event': 'Push Hook' }, giteePush, [main]],
    ['OSChina', 'tag', { 'x-gitee-event': 'Tag Push Hook' }, giteeTag, [tag]],
    ['GitCafe', 'branch', {}, gitCafePush, [main]],
    ['Simple', 'least words', {}, simplePush, [main]],
    ['Simple', 'words of GitHub', push, gitHubPush, [main]],
  ])('by %s: %s', (client, ...[, headers, ...[payload, changes]]) =>
    expect(pushOf(client, headers, payload)).toEqual({ changes, note: null }),
  );

  it.each<[CodeHostName, Record<string, string>, unknown, string]>([
    ['GitHub', { 'x-github-event': 'ping' }, gitHubPing, 'PING'],
    ['GitHub', { 'x-github-event': 'issues' }, { action: 'opened' }, 'NOT_A_PUSH'],
    ['Bitbucket', { 'x-event-key': 'diagnostics:ping' }, {}, 'PING'],
    ['Bitbucket', { 'x-event-key': 'pullrequest:created' }, {}, 'NOT_A_PUSH'],
    ['OSChina', { 'x-gitee-event': 'Push Hook', 'x-gitee-ping': 'true' }, giteePush, 'PING'],
    ['OSChina', { 'x-gitee-event': 'Merge Request Hook' }, {}, 'NOT_A_PUSH'],
    ['Simple', { 'x-github-event': 'ping' }, {}, 'PING'],
  ])('is something else: %s %j', (client, headers, payload, note) =>
    expect(pushOf(client, headers, payload)).toEqual({ changes: [], note }),
  );

  it.each<[CodeHostName, unknown]>([
    ['GitHub', null],
    ['GitHub', []],
    ['GitHub', { ref: 'refs/heads/main' }],
    ['GitHub', { ...gitHubPush, after: '../../etc' }],
    ['GitHub', bitbucketPush(bitbucketChange('branch', 'main'))],
    ['Bitbucket', gitHubPush],
    ['Bitbucket', { push: { changes: [{ new: { type: 'branch', name: 'main' } }] } }],
    ['Simple', 'refs/heads/main'],
  ])('is refused when it is none of %s: %j', (client, payload) =>
    expect(() => pushOf(client, {}, payload)).toThrow(expect.objectContaining({ code: 'DELIVERY_INVALID' }) as Error),
  );

  it('says in the host’s words what happened', () => {
    expect(eventOf('Bitbucket', repoPush)).toBe('repo:push');
    expect(eventOf('Simple', {})).toBe('push');
  });
});
