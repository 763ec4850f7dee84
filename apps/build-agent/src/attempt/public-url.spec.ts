import { publicUrl } from './public-url.js';

describe('what is told of a clone URL', () => {
  it.each([
    ['https://git.example/a/b.git', 'https://git.example/a/b.git'],
    ['https://me:s3cr3t@git.example:8443/a/b.git', 'https://git.example:8443/a/b.git'],
    ['https://me:p@ss@git.example/a/b.git', 'https://git.example/a/b.git'],
    ['https://git.example/a/b.git?token=s3cr3t#s3cr3t', 'https://git.example/a/b.git'],
    ['ssh://git@git.example:22/a/b.git', 'ssh://git.example:22/a/b.git'],
    ['git@git.example:a/b.git', 'git.example:a/b.git'],
    ['s3cr3t@git.example:a/b.git', 'git.example:a/b.git'],
  ])('%s is %s', (url, told) => expect(publicUrl(url)).toBe(told));
});
