import { BlockList, isIP } from 'node:net';

/** An IP address in one spelling: an IPv4 address is never written inside of an IPv6 one. */
export interface Address {
  readonly family: 'ipv4' | 'ipv6';
  readonly text: string;
}

/** Undefined for what is no address, and for an IPv6 address with a zone: that is never a public one. */
export function canonicalAddress(text: string): Address | undefined {
  const version = isIP(text);
  if (version === 4) return { family: 'ipv4', text };
  if (version === 0 || text.includes('%')) return undefined;
  const short = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(short);
  if (mapped === null) return { family: 'ipv6', text: short };
  const bytes = [mapped[1], mapped[2]].flatMap((word = '') => {
    const value = Number.parseInt(word, 16);
    return [value >> 8, value & 0xff];
  });
  return { family: 'ipv4', text: bytes.join('.') };
}

/** 127.0.0.0/8 and ::1. */
export function isLoopback({ family, text }: Address): boolean {
  return LOOPBACK.check(text, family);
}

/** Whether an address is reachable from anywhere, and neither private nor set aside for another use. */
export function isPublic({ family, text }: Address): boolean {
  return family === 'ipv4'
    ? !NOT_PUBLIC.check(text, family)
    : GLOBAL.check(text, family) && !OTHER.check(text, family);
}

const LOOPBACK = subnets([
  ['127.0.0.0', 8],
  ['::1', 128],
]);

/** After the IANA registry of special-purpose IPv4 addresses. */
const NOT_PUBLIC = subnets([
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved, and the broadcast address.
  ['224.0.0.0', 3],
]);

/** All that IANA has given out for global unicast so far: unique local, link-local and multicast are outside. */
const GLOBAL = subnets([['2000::', 3]]);

/** Inside of GLOBAL and not public: Teredo and its like, documentation, and 6to4, which wraps any IPv4 address. */
const OTHER = subnets([
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

function subnets(list: readonly (readonly [string, number])[]): BlockList {
  const block = new BlockList();
  for (const [net, prefix] of list) block.addSubnet(net, prefix, isIP(net) === 4 ? 'ipv4' : 'ipv6');
  return block;
}
