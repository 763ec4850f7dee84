import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** An address and how many of its first bits count. */
export type Range = readonly [Address, number];

/** IPv6 addresses of the internet: what lies outside is local, embeds something, or is nobody's. Source: IANA. */
const GLOBAL_UNICAST: Range = [ipaddr.parse('2000::'), 3];
/** A public address that only the machine's own cloud answers: Azure's metadata and agents. */
const CLOUD_INTERNAL = '168.63.129.16';
/** An IPv4 address in its last 32 bits, spoken to over a translator. Source: RFC 6052. */
const NAT64: Range = [ipaddr.parse('64:ff9b::'), 96];

/**
 * What is spoken to in the end: IPv4 that is written as IPv6 becomes IPv4. Undefined: `text` is no address in its usual
 * form; `127.1`, `0x7f000001` and zones (`fe80::1%eth0`) are none.
 */
export function parseAddress(text: string): Address | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare);
  if (!ipaddr.IPv6.isValid(bare) || bare.includes('%')) return undefined;
  const address = ipaddr.IPv6.parse(bare);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (isWithin(address, NAT64)) return ipaddr.fromByteArray(address.toByteArray().slice(-4));
  return address;
}

/** `10.0.0.0/8`, `fd00::/8`, or one address. Undefined: it is neither. */
export function parseRange(text: string): Range | undefined {
  const single = parseAddress(text);
  if (single) return [single, single.kind() === 'ipv4' ? 32 : 128];
  return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : undefined;
}

export const isWithin = (address: Address, [first, bits]: Range): boolean =>
  address.kind() === first.kind() && address.match(first, bits);

/** An address of the internet: neither of this machine, nor of its network, nor of its cloud, nor reserved. */
export function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || address.toString() === CLOUD_INTERNAL) return false;
  return address.kind() === 'ipv4' || isWithin(address, GLOBAL_UNICAST);
}
