import { absoluteUrl, pageView } from './paging.js';

const request = (url: string, host?: string) => ({
  url,
  protocol: 'http' as const,
  headers: host === undefined ? {} : { host },
});
const link = (url: URL, next: Parameters<typeof pageView>[0]['next']): string | null =>
  pageView({ count: 1, next, previous: null, results: [] }, url).next;

describe('absolute URL', () => {
  it.each([
    [undefined, 'api.example:8080', '/v1/builds', 'http://api.example:8080/v1/builds'],
    [undefined, '[::1]:8080', '/v1/builds', 'http://[::1]:8080/v1/builds'],
    [undefined, undefined, '/v1/builds', 'http://localhost/v1/builds'],
    [undefined, 'evil.example/x?', '/v1/builds', 'http://localhost/v1/builds'],
    ['https://api.example', 'other', '/v1/builds', 'https://api.example/v1/builds'],
    ['https://example/slipway/', 'other', '/v1/builds/?page=2', 'https://example/slipway/v1/builds?page=2'],
    [undefined, 'h', '//evil.example/x', 'http://h//evil.example/x'],
  ])('under %s, asked of %s for %s', (publicUrl, host, url, expected) =>
    expect(absoluteUrl(request(url, host), publicUrl).href).toBe(expected),
  );
});

describe('page', () => {
  const url = new URL('http://h/v1/builds?namespace=a%20b&page=2&after=9&repo_name=r');

  it('keeps the other query parameters in its links', () =>
    expect(link(url, { page: 3, after: 5 })).toBe('http://h/v1/builds?namespace=a+b&page=3&after=5&repo_name=r'));

  it('drops a cursor that the link has not', () =>
    expect(link(url, { page: 3 })).toBe('http://h/v1/builds?namespace=a+b&page=3&repo_name=r'));

  it('changes from after to before on the way back', () =>
    expect(link(url, { page: 1, before: 5 })).toBe('http://h/v1/builds?namespace=a+b&page=1&repo_name=r&before=5'));

  it('has no link where there is no page', () => expect(link(url, null)).toBeNull());
});
