import {
  ActorName,
  actorOf,
  Namespace,
  namespaceOfRobot,
  publicTagOfStream,
  repositoryOfStream,
  robotName,
  streams,
  UserName,
} from './names.js';

describe('whoever does something', () => {
  const robot = robotName('alice.b', 'ci-2');

  it('is a user, or a robot of a namespace', () => {
    for (const name of ['alice', 'alice.b', robot]) expect(ActorName.safeParse(name).success).toBe(true);
    for (const name of ['', '+', 'alice+', '+ci', 'a+b+c', 'Alice+ci', 'alice ci'])
      expect(ActorName.safeParse(name).success).toBe(false);
    expect([namespaceOfRobot('alice.b'), namespaceOfRobot(robot)]).toEqual([undefined, 'alice.b']);
    expect([actorOf('alice'), actorOf(robot)]).toEqual(['user:alice', 'robot:alice.b+ci-2']);
  });

  it('is never a user by the name of a robot', () => {
    expect(UserName.safeParse(robot).success).toBe(false);
    expect(Namespace.safeParse(robot).success).toBe(false);
  });
});

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
