/** Of a clone URL what may be told to anybody: host and path alone. `user@host:path` has a user too. */
export function publicUrl(url: string): string {
  if (!URL.canParse(url)) return url.slice(url.lastIndexOf('@') + 1);
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
