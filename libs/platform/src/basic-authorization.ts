/** The value of an `Authorization` header, of any characters that UTF-8 has. Source: RFC 7617 */
export const basicAuthorization = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
