import { codeHostApis } from './code-host-api.js';
import { codeHosts } from './code-host.js';

describe('the API of a code host', () => {
  it('is the public one of a public host', () =>
    expect(codeHostApis({}, codeHosts({}))).toEqual({
      GitHub: 'https://api.github.com',
      Bitbucket: 'https://api.bitbucket.org/2.0',
      OSChina: 'https://gitee.com/api/v5',
    }));

  it('is under the base URL of a host of one’s own, or nowhere, unless it is named', () => {
    const hosts = codeHosts({
      GitHub: 'https://git.example/',
      Bitbucket: 'https://bb.example',
      OSChina: 'https://ee.example',
    });
    expect(codeHostApis({}, hosts)).toEqual({
      GitHub: 'https://git.example/api/v3',
      Bitbucket: null,
      OSChina: 'https://ee.example/api/v5',
    });
    expect(codeHostApis({ Bitbucket: 'https://bb.example/2.0/' }, hosts).Bitbucket).toBe('https://bb.example/2.0');
  });
});
