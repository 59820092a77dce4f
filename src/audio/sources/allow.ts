import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import {
  canonicalAddress,
  isLoopback,
  isLoopbackAddress,
  isPublicAddress,
  type IpAddress,
} from '../../runtime/network/address.ts';
import { UserError } from '../../runtime/errors.ts';

/** The addresses that streams may be fetched from. */
export interface AllowList {
  /** Whether loopback is allowed without being listed: clients can reach it anyway. */
  readonly loopback: boolean;
  readonly names: readonly NamePattern[];
  readonly networks: readonly NetworkPattern[];
}

interface NamePattern {
  /** `any`: every host. `below`: every name that ends in a dot and `name`. */
  readonly kind: 'any' | 'exact' | 'below';
  readonly name: string;
  /** Undefined: every port. */
  readonly port: number | undefined;
}

interface NetworkPattern {
  readonly family: IpAddress['family'];
  readonly members: BlockList;
  readonly port: number | undefined;
}

const EXPECTED =
  'Expected a host (example.com, or *.example.com for all names below it), an address (10.0.0.5), a network ' +
  '(10.0.0.0/8), each with a port if you like (example.com:8080), or * for every public host.';

/**
 * Parses the values of `--allow-url`.
 *
 * @param loopback whether loopback is allowed in addition
 * @throws UserError naming the first invalid value
 */
export function parseAllowList(patterns: readonly string[], loopback = true): AllowList {
  const read = patterns.map(parsePattern);
  return {
    loopback,
    names: read.filter((pattern) => 'name' in pattern),
    networks: read.filter((pattern) => 'members' in pattern),
  };
}

/**
 * The addresses that a client may have fetched. From our errors, a page of another site could learn what listens on
 * this machine.
 *
 * @param origin the client's `Origin`: undefined for one that is no page
 */
export function allowedFrom(origin: string | undefined, list: AllowList): AllowList {
  return origin === undefined || isLoopback(origin) ? list : { ...list, loopback: false };
}

/**
 * Whether a connection may be made to `address`, which `host` was resolved to, at `port`. A name only ever permits
 * public addresses: its owner controls what it resolves to, so an address within a private network has to be permitted
 * itself.
 */
export function allowed(list: AllowList, host: string, port: number, address: string): boolean {
  const checked = canonicalAddress(address);
  if (checked === undefined) return false;
  if (isLoopbackAddress(checked) && list.loopback) return true;
  const fits = (pattern: { readonly port: number | undefined }) =>
    pattern.port === undefined || pattern.port === port;
  const inNetwork = list.networks.some(
    (pattern) =>
      fits(pattern) &&
      pattern.family === checked.family &&
      pattern.members.check(checked.text, checked.family),
  );
  if (inNetwork) return true;
  const name = host.toLowerCase().replace(/\.$/, '');
  // The only name that always means loopback.
  if (
    isLoopbackAddress(checked) &&
    name === 'localhost' &&
    list.names.some((each) => fits(each) && each.name === name)
  ) {
    return true;
  }
  return isPublicAddress(checked) && list.names.some((pattern) => fits(pattern) && named(pattern, name));
}

function named(pattern: NamePattern, name: string): boolean {
  switch (pattern.kind) {
    case 'any':
      return true;
    case 'exact':
      return name === pattern.name;
    case 'below':
      return name.endsWith(`.${pattern.name}`);
  }
}

function parsePattern(pattern: string): NamePattern | NetworkPattern {
  const text = pattern.trim();
  if (text.includes('://')) {
    const host = URL.canParse(text) ? new URL(text).host : '';
    throw new UserError('expected a host, not a URL', {
      option: 'allowUrls',
      meant: host === '' ? undefined : host,
    });
  }
  const { host, port } = splitPort(text, pattern);
  const network = /^(.+)\/(\d{1,3})$/.exec(host);
  if (network !== null) return networkOf(network[1] ?? '', Number(network[2]), port, pattern);
  if (isIP(host) !== 0) return networkOf(host, undefined, port, pattern);
  return nameOf(host, port, pattern);
}

function splitPort(text: string, pattern: string): { host: string; port: number | undefined } {
  // More than one colon without brackets is an IPv6 address.
  const parts = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text);
  if (parts === null) {
    if (text.split(':').length > 2) return { host: text, port: undefined };
    throw wrong(pattern, 'the port is not a number');
  }
  const host = parts[1] ?? parts[2] ?? '';
  if (parts[3] === undefined) return { host, port: undefined };
  const port = Number(parts[3]);
  if (port < 1 || port > 65_535) throw wrong(pattern, 'a port is a number from 1 to 65535');
  return { host, port };
}

function networkOf(
  text: string,
  prefix: number | undefined,
  port: number | undefined,
  pattern: string,
): NetworkPattern {
  const address = canonicalAddress(text);
  if (address === undefined) throw wrong(pattern, 'the part before the slash is not an address');
  if (isIP(text) === 6 && address.family === 'ipv4') {
    throw wrong(pattern, `write it as an IPv4 address (${address.text})`);
  }
  const members = new BlockList();
  const bits = address.family === 'ipv4' ? 32 : 128;
  if (prefix === undefined) members.addAddress(address.text, address.family);
  else if (prefix > bits) throw wrong(pattern, `the number after the slash is at most ${bits}`);
  else members.addSubnet(address.text, prefix, address.family);
  return { family: address.family, members, port };
}

function nameOf(host: string, port: number | undefined, pattern: string): NamePattern {
  if (host === '*') return { kind: 'any', name: '', port };
  const below = host.startsWith('*.');
  const given = (below ? host.slice(2) : host).replace(/\.$/, '');
  // domainToASCII would only parse the part before a slash or a question mark.
  const name = /^[\p{L}\p{M}\p{N}._-]+$/u.test(given) ? domainToASCII(given) : '';
  if (!/^[a-z\d_-]+(\.[a-z\d_-]+)*$/.test(name)) {
    throw wrong(
      pattern,
      host.includes('*') ? 'a * can only stand alone or as the first label' : 'this is not a host',
    );
  }
  // A URL whose host ends in a number has an IPv4 address, however it is spelled, and never this name.
  if (/(^|\.)(\d+|0x[\da-f]*)$/.test(name)) {
    throw wrong(pattern, 'write an IPv4 address as four decimal numbers');
  }
  return { kind: below ? 'below' : 'exact', name, port };
}

function wrong(pattern: string, what: string): UserError {
  return new UserError(`${what}. ${EXPECTED}`, { option: 'allowUrls', value: quoted(pattern) });
}

/** The pattern, unless it may contain more than a host, such as a password. */
function quoted(pattern: string): string {
  return /^[\p{L}\d.*:[\]/_ -]{0,100}$/u.test(pattern) ? JSON.stringify(pattern) : '(value not shown)';
}
