import { remoteRef, wantedCommit } from './revision.js';

describe('a ref', () => {
  it('is asked for by its full name', () => {
    expect(remoteRef({ type: 'branch', name: 'release/1' }).remote).toBe('refs/heads/release/1');
    expect(remoteRef({ type: 'tag', name: 'v1' }).remote).toBe('refs/tags/v1');
    expect(remoteRef({ type: 'branch', name: '--upload-pack=x' }).remote).toBe('refs/heads/--upload-pack=x');
  });

  it.each([
    '',
    '*',
    'a*',
    'a?',
    'a[b]',
    'a b',
    'a:b',
    'a^',
    'a~1',
    'a..b',
    'a@{1}',
    'a//b',
    '/a',
    'a/',
    '.a',
    'a/.b',
    'a.',
    'a.lock',
    'a\\b',
    'a\nb',
    'a\0',
  ])('%j cannot exist', (name) =>
    expect(() => remoteRef({ type: 'branch', name })).toThrow(
      expect.objectContaining({ code: 'SOURCE_REF_NOT_FOUND' }),
    ),
  );
});

describe('a commit', () => {
  it('is a full id, a prefix of one, or what the ref points to', () => {
    expect(wantedCommit(undefined)).toEqual({ kind: 'head-of-ref' });
    expect(wantedCommit('A'.repeat(40))).toEqual({ kind: 'full', id: 'a'.repeat(40) });
    expect(wantedCommit('b'.repeat(64)).kind).toBe('full');
    expect(wantedCommit('abcdef1')).toEqual({ kind: 'prefix', id: 'abcdef1' });
    expect(wantedCommit('b'.repeat(41)).kind).toBe('prefix');
  });

  it.each(['', 'abcdef', 'main', '--all', 'HEAD~1', 'g'.repeat(40), 'a'.repeat(65), '../abcdef1'])(
    '%j is refused',
    (commit) =>
      expect(() => wantedCommit(commit)).toThrow(expect.objectContaining({ code: 'SOURCE_COMMIT_NOT_FOUND' })),
  );
});
