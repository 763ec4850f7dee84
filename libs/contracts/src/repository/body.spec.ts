import { BuildConfigBody } from './body.js';

const parse = (code_repo_clone_url: string) =>
  BuildConfigBody.safeParse({ code_repo_client: 'Simple', code_repo_clone_url, tag_configs: [] });

describe('a clone URL', () => {
  it.each([
    'http://github.com/example/example.git',
    'https://host:8443/a/b.git',
    'https://host/a@b/c.git',
    'ssh://git@host:2222/a/b.git',
    'git@host.example:a/b.git',
  ])('%s is taken', (url) => expect(parse(url).success).toBe(true));

  it.each(['https://ada:secret@host/r.git', 'http://token@host/r.git', 'https://:x@host/r', 'ssh://git:secret@host/r'])(
    '%s is refused for its login, in words that do not repeat it',
    (url) => {
      const { error } = parse(url);
      expect(error?.issues).toMatchObject([{ path: ['code_repo_clone_url'] }]);
      expect(String(error)).toContain('deploy key');
      expect(String(error)).not.toContain('secret');
    },
  );

  it.each(['--upload-pack=x', 'ext::sh -c x', 'file:///etc', '/etc', 'git@-oProxyCommand=x:r'])(
    '%s is refused',
    (url) => expect(parse(url).success).toBe(false),
  );
});
