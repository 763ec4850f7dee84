import { Namespace, publicTagOfStream, repositoryOfStream, streams } from './names.js';

describe('event streams', () => {
  it('are named after what they hold', () => {
    expect(streams.repository('alauda', 'test')).toBe('repository-alauda.test');
    expect(streams.tag('alauda', 'test', 'latest')).toBe('tag-alauda.test:latest');
  });

  it('are never shared by two repositories', () => {
    expect(Namespace.parse('a.b')).toBe('a.b');
    expect(streams.repository('a.b', 'c')).not.toBe(streams.repository('a', 'b.c'));
    expect(streams.tag('a.b', 'c', '1')).not.toBe(streams.tag('a', 'b.c', '1'));
  });

  it('say which repository they are of', () => {
    for (const [namespace, repoName] of [
      ['alauda', 'test'],
      ['a.b', 'c.d__e'],
    ] as const)
      expect(repositoryOfStream(streams.repository(namespace, repoName))).toEqual({ namespace, repoName });
    expect(repositoryOfStream('repository-nonsense')).toBeUndefined();
  });

  it('say whose public tag they are of', () => {
    for (const [namespace, repoName, tag] of [
      ['alauda', 'test', 'latest'],
      ['a.b', 'c.d__e', 'v1.2-x'],
    ] as const)
      expect(publicTagOfStream(streams.tag(namespace, repoName, tag))).toEqual({ namespace, repoName, tag });
    expect(publicTagOfStream('tag-nonsense')).toBeUndefined();
  });
});
