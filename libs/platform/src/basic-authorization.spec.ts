import { basicAuthorization } from './basic-authorization.js';

describe('a login in a header', () => {
  it.each([
    ['Aladdin', 'open sesame', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='], // the examples of RFC 7617
    ['test', '123£', 'Basic dGVzdDoxMjPCow=='],
  ])('of %s is that of the RFC', (username, password, header) =>
    expect(basicAuthorization(username, password)).toBe(header),
  );

  it('may have characters beyond Latin ones', () =>
    expect(Buffer.from(basicAuthorization('a', '密码').slice(6), 'base64').toString()).toBe('a:密码'));
});
