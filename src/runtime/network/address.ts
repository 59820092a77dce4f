import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import type * as Ipaddr from 'ipaddr.js';

// Not an import, in which Node reads CommonJS twice: every start has to wait for it.
const ipaddr = createRequire(import.meta.url)('ipaddr.js') as typeof Ipaddr;

/** An IP address in one spelling: an IPv4 address is never written inside an IPv6 one. */
export interface IpAddress {
  readonly family: 'ipv4' | 'ipv6';
  readonly text: string;
}

/** Undefined for anything else, and for an IPv6 address with a zone, which is never a public one. */
export function canonicalAddress(text: string): IpAddress | undefined {
  if (isIP(text) === 0 || text.includes('%')) return undefined;
  // The library takes ::10.0.0.1, which is not an IPv4 address, for ::ffff:10.0.0.1, unless it is written in hex.
  const address = ipaddr.process(
    isIP(text) === 6 ? new URL(`http://[${text}]/`).hostname.slice(1, -1) : text,
  );
  return { family: address.kind(), text: address.toString() };
}

/** Whether an address is reachable from anywhere, and neither private nor reserved for another use. */
export function isPublicAddress({ text }: IpAddress): boolean {
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST);
}

/** The ranges that IANA has assigned so far. The library also calls unassigned addresses outside them `unicast`. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/** Whether an address means only this machine. */
export function isLoopbackAddress({ text }: IpAddress): boolean {
  return ipaddr.parse(text).range() === 'loopback';
}

/**
 * Whether a host means only this machine: the name `localhost`, 127.0.0.0/8 and ::1, in any spelling that a URL may
 * have. 0.0.0.0 and :: mean every address of the machine, names below `localhost` depend on DNS, and an address with a
 * zone means the network of that zone, so these do not count.
 *
 * @param where a name, an address, either with a port (as in a Host header), or a URL or origin
 */
export function isLoopback(where: string): boolean {
  const host = hostIn(where);
  if (host === 'localhost') return true;
  const address = canonicalAddress(host);
  return address !== undefined && isLoopbackAddress(address);
}

/** The host as the URL parser writes it for http, without brackets and the dot of the root; '' if there is none. */
function hostIn(where: string): string {
  const isUrl = where.includes('://');
  const host = isUrl ? hostnameOf(where) : where;
  // Other text that a URL parser would split is not a host.
  if (/[\s/\\?#@]/.test(host)) return '';
  return hostnameOf(`http://${isIP(host) === 6 ? `[${host}]` : host}`)
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

function hostnameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}
