import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allowed, allowedFrom, parseAllowList } from '../../../src/audio/sources/allow.ts';
import { UserError } from '../../../src/runtime/errors.ts';

const PUBLIC = '93.184.216.34';

it.each([
  // Loopback, under any name and in any spelling.
  [[], 'localhost', 80, '127.0.0.1', true],
  [[], 'anything.example', 80, '127.9.9.9', true],
  [[], '::1', 80, '::1', true],
  [[], 'x', 80, '0:0:0:0:0:0:0:1', true],
  [[], 'x', 80, '::ffff:127.0.0.1', true],
  [[], 'x', 80, '::ffff:7f00:1', true],
  // Without a pattern, no other address.
  [[], 'example.com', 443, PUBLIC, false],
  [[], 'x', 80, '::', false],
  [[], 'x', 80, '0.0.0.0', false],
  [[], 'x', 80, '::127.0.0.1', false],
  [[], 'x', 80, '10.0.0.5', false],
  [[], 'x', 80, '::1%lo', false],
  [[], 'x', 80, 'no address', false],
  // Names.
  [['example.com'], 'example.com', 443, PUBLIC, true],
  [['example.com'], 'EXAMPLE.com.', 443, PUBLIC, true],
  [['Example.COM.'], 'example.com', 443, PUBLIC, true],
  [['example.com'], 'www.example.com', 443, PUBLIC, false],
  [['example.com'], 'badexample.com', 443, PUBLIC, false],
  [['example.com'], 'example.com.evil.org', 443, PUBLIC, false],
  [['bücher.example'], 'xn--bcher-kva.example', 443, PUBLIC, true],
  [['*.blob.core.windows.net'], 'account.blob.core.windows.net', 443, PUBLIC, true],
  [['*.blob.core.windows.net'], 'a.b.blob.core.windows.net', 443, PUBLIC, true],
  [['*.blob.core.windows.net'], 'blob.core.windows.net', 443, PUBLIC, false],
  [['*.blob.core.windows.net'], 'evilblob.core.windows.net', 443, PUBLIC, false],
  [['*'], 'example.com', 443, PUBLIC, true],
  [['*'], PUBLIC, 443, PUBLIC, true],
  [['*'], 'v6.example', 443, '2606:2800:220:1::1', true],
  // Ports.
  [['example.com:8080'], 'example.com', 8080, PUBLIC, true],
  [['example.com:8080'], 'example.com', 443, PUBLIC, false],
  [['*:443'], 'example.com', 80, PUBLIC, false],
  [['10.0.0.5:81'], '10.0.0.5', 81, '10.0.0.5', true],
  [['10.0.0.5:81'], '10.0.0.5', 80, '10.0.0.5', false],
  [['[fd00::5]:81'], 'fd00::5', 81, 'fd00::5', true],
  [['[fd00::5]:81'], 'fd00::5', 80, 'fd00::5', false],
  // Addresses and networks, also for the addresses of names.
  [['10.0.0.5'], '10.0.0.5', 80, '10.0.0.5', true],
  [['10.0.0.5'], 'inside.example', 80, '10.0.0.5', true],
  [['10.0.0.5'], 'inside.example', 80, '::ffff:10.0.0.5', true],
  [['10.0.0.5'], '10.0.0.6', 80, '10.0.0.6', false],
  [['10.0.0.0/8'], '10.200.0.6', 80, '10.200.0.6', true],
  [['10.0.0.0/8'], '11.0.0.6', 80, '11.0.0.6', false],
  [['10.0.0.0/8:81'], '10.0.0.6', 80, '10.0.0.6', false],
  [['fd00::/8'], 'fd12::1', 80, 'fd12::1', true],
  [['fd00::/8'], 'fe80::1', 80, 'fe80::1', false],
  [['0.0.0.0/0'], 'x', 80, '169.254.169.254', true],
  [['0.0.0.0/0'], 'x', 80, 'fd00::1', false],
  [['::/0'], 'x', 80, '10.0.0.5', false],
  // A second pattern counts as much as the first.
  [['example.org', 'example.com'], 'example.com', 80, PUBLIC, true],
] as const)(
  'with "%s" the host %s, port %i, address %s is allowed: %s',
  (patterns, host, port, address, expected) => {
    expect(allowed(parseAllowList(patterns), host, port, address)).toBe(expected);
  },
);

it.each([
  '0.1.2.3',
  '10.1.2.3',
  '100.64.0.1',
  '100.127.255.255',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.7',
  '203.0.113.7',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  'fc00::1',
  'fdff::1',
  'fe80::1',
  'febf::1',
  'ff02::1',
  '64:ff9b::a00:1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:a00:1::1',
  '::ffff:10.0.0.1',
  '::ffff:a9fe:a9fe',
  '::10.0.0.1',
])('the address %s is not public, so no name permits it', (address) => {
  expect(allowed(parseAllowList(['*', 'x', '*.x']), 'x', 80, address)).toBe(false);
});

it('the neighbours of private networks are permitted', () => {
  const list = parseAllowList(['*']);
  const neighbours = [
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '223.255.255.255',
  ];

  expect(neighbours.filter((address) => !allowed(list, 'x', 80, address))).toEqual([]);
});

it.each([
  ['', 'not a host'],
  [' ', 'not a host'],
  ['https://example.com/a', 'did you mean "example.com"?'],
  ['https://', 'expected a host, not a URL'],
  ['example.com:http', 'port is not a number'],
  ['example.com:0', 'from 1 to 65535'],
  ['example.com:65536', 'from 1 to 65535'],
  ['foo*.example', 'first label'],
  ['*.*.example', 'first label'],
  ['a b', 'not a host'],
  ['a..b', 'not a host'],
  ['example.com/path', 'not a host'],
  ['example.com/8', 'not an address'],
  ['10.0.0.0/33', 'at most 32'],
  ['fd00::/129', 'at most 128'],
  ['0x7f.1', 'four decimal numbers'],
  ['10.1', 'four decimal numbers'],
  ['*.1', 'four decimal numbers'],
  ['2130706433', 'four decimal numbers'],
  ['::ffff:10.0.0.5', '10.0.0.5'],
  ['fe80::1%eth0', 'not'],
])('the pattern "%s" is refused with the option and the reason', (pattern, reason) => {
  const parse = () => parseAllowList(['ok.example', pattern]);

  expect(parse).toThrow(UserError);
  expect(parse).toThrow(/^allowUrls\b/);
  expect(parse).toThrow(reason);
});

it('an error does not repeat a pattern that contains more than a host', () => {
  for (const pattern of [
    'https://user:s3cret@example.com/?sig=s3cret',
    'user:s3cret@example.com',
    'h?s3cret',
  ]) {
    expect(() => parseAllowList([pattern])).toThrow(/^(?!.*s3cret)/);
  }
});

it('without a pattern, no address outside of loopback is permitted, whatever its name', () => {
  const list = parseAllowList([]);
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.domain(), (address, host) => {
      fc.pre(!/^127\.|^(0*:)*:?0*1$|:127\.|:0*7f[\da-f]{2}:[\da-f]+$/i.test(address));
      expect(allowed(list, host, 80, address)).toBe(false);
    }),
  );
});

it('a name permits no IPv6 address that wraps an IPv4 address which is not permitted by itself', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const list = parseAllowList(['*']);
      const hex = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
      const mapped = `::ffff:${hex.slice(0, 2).join('')}:${hex.slice(2).join('')}`;
      expect(allowed(list, 'x', 80, mapped)).toBe(allowed(list, 'x', 80, address));
      expect(allowed(list, 'x', 80, `::ffff:${address}`)).toBe(allowed(list, 'x', 80, address));
    }),
  );
});

// Every address of a name is checked, whatever the name is and however many names are allowed.
it.each([
  [[], 'localhost', '127.0.0.1', false],
  [[], 'localhost', '::1', false],
  [['*'], 'inside.example', '127.0.0.1', false],
  [['inside.example'], 'inside.example', '::ffff:127.0.0.1', false],
  [['*.example'], 'inside.example', '::1', false],
  [['*'], 'localhost.', '127.0.0.1', false],
  [['localhost'], 'localhost.', '127.0.0.1', true],
  [['127.0.0.1'], 'inside.example', '127.0.0.1', true],
  [['127.0.0.1'], 'localhost', '::1', false],
] as const)(
  'if loopback is not permitted by default, "%s" permits the host %s at %s: %s',
  (patterns, host, address, expected) => {
    expect(allowed(parseAllowList(patterns, false), host, 80, address)).toBe(expected);
  },
);

it.each([
  ['a program', undefined, true],
  ['a page of this machine', 'http://localhost:5173', true],
  ['a page of another host', 'https://pages.example', false],
  ['a page without an origin of its own', 'null', false],
])('%s (origin %s) may have loopback sources fetched: %s', (_who, origin, isAllowed) => {
  const list = allowedFrom(origin, parseAllowList([]));

  expect(allowed(list, 'localhost', 80, '127.0.0.1')).toBe(isAllowed);
});
