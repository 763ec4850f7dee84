import { authorization, maskLogin, parseCloneUrl, sshHostOf } from './remote.js';

describe('a clone URL', () => {
  it.each([
    ['https://github.com/n/r.git', 'http', 'https://github.com/n/r.git'],
    ['HTTP://127.0.0.1:8080/n/r', 'http', 'http://127.0.0.1:8080/n/r'],
    ['https://ada:pw@host/r.git', 'http', 'https://host/r.git'],
    ['ssh://git@host:22/n/r.git', 'ssh', 'ssh://git@host:22/n/r.git'],
    ['git@github.com:n/r.git', 'ssh', 'git@github.com:n/r.git'],
  ])('%s goes to git as %s', (cloneUrl, transport, url) =>
    expect(parseCloneUrl(cloneUrl)).toMatchObject({ transport, url }),
  );

  it.each([
    '--upload-pack=touch${IFS}x',
    '-u',
    'ext::sh -c touch% x',
    'ext::sh%20-c%20x',
    'https::http://host/r.git',
    'file:///etc',
    '/etc',
    '../r.git',
    'C:/r',
    'git://host/r.git',
    'ftp://host/r.git',
    'http:/host/r',
    'https:host/r',
    'http://',
    'http://-oProxyCommand=x/r',
    'ssh://-oProxyCommand=x/r',
    'git@-oProxyCommand=x:r',
    '-x@host:r',
    'git@host:-r',
    'git@host::r',
    'https://host/r.git?x=1',
    'https://host/r.git#x',
    'https://host/a b',
    'https://host/r.git\nx',
    'https://%zz:pw@host/r',
    '',
  ])('%j is refused', (cloneUrl) =>
    expect(() => parseCloneUrl(cloneUrl)).toThrow(expect.objectContaining({ code: 'SOURCE_URL_REFUSED' })),
  );

  it.each([
    ['git@GitHub.com:n/r.git', 'github.com', 'github.com'],
    ['ssh://git@host/n/r.git', 'host', 'host'],
    ['ssh://git@host:22/n/r.git', 'host', 'host'],
    ['ssh://git@host:2222/n/r.git', 'host:2222', '[host]:2222'],
    ['ssh://git@[::1]/r.git', '[::1]', '::1'],
    ['ssh://git@[::1]:2222/r.git', '[::1]:2222', '[::1]:2222'],
  ])('%s lies on a host that is pinned as %s', (cloneUrl, name, knownAs) =>
    expect(sshHostOf(parseCloneUrl(cloneUrl))).toEqual({ name, knownAs }),
  );

  it('over https has no key of an ssh host', () =>
    expect(sshHostOf(parseCloneUrl('https://host/r.git'))).toBeUndefined());

  it('shows no password when it is refused', () => {
    expect.assertions(1);
    try {
      parseCloneUrl('ftp://ada:hunter2@host/r');
    } catch (error) {
      expect(String(error)).not.toContain('hunter2');
    }
  });

  it('gives its login to a header alone', () => {
    const remote = parseCloneUrl('https://ada:p%40ss@host/r.git');
    expect(authorization(remote)).toBe(`Authorization: Basic ${Buffer.from('ada:p@ss').toString('base64')}`);
    expect(remote.url + remote.name).not.toContain('ss');
    expect(authorization(parseCloneUrl('https://host/r.git'))).toBeUndefined();
  });

  it('masks its login in whatever form it appears', () => {
    const mask = maskLogin(parseCloneUrl('https://ada:p%40ssword@host/r.git'));
    const basic = Buffer.from('ada:p@ssword').toString('base64');
    expect(mask(`ada p@ssword p%40ssword ${basic}`)).toBe('ada *** *** ***');
    expect(maskLogin(parseCloneUrl('https://ghp_token@host/r.git'))('by ghp_token')).toBe('by ***');
  });
});
