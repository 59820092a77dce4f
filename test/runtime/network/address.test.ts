import { expect, it } from 'vitest';
import { canonicalAddress, isLoopback, isPublicAddress } from '../../../src/runtime/network/address.ts';

it.each([
  // Names.
  'localhost',
  'LOCALHOST',
  'localhost.',
  'localhost:8080',
  // Addresses.
  '127.0.0.1',
  '127.0.0.1:8080',
  '127.255.255.254',
  '::1',
  '0:0:0:0:0:0:0:1',
  '[::1]',
  '[::1]:8080',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '[::ffff:127.0.0.1]:80',
  // The other spellings of an IPv4 address.
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '127.0.0.1.',
  // URLs and origins.
  'ws://localhost:8080',
  'wss://localhost./v2/realtime?token=x',
  'http://127.0.0.1',
  'http://2130706433/',
  'https://[::1]:3000',
  'ws://[::ffff:127.0.0.1]:80/',
  'http://user:password@localhost/',
  'app://localhost',
  'app://127.1',
])('%s is this machine', (where) => {
  expect(isLoopback(where)).toBe(true);
});

it.each([
  '',
  'null',
  'file://',
  'http://',
  'example.com',
  'localhost.example.com',
  'notlocalhost',
  'page.localhost',
  '127.0.0.1.example.com',
  'example.com:127',
  // Every address of the machine.
  '0.0.0.0',
  '::',
  'http://0/',
  'http://[::]/',
  // Neighbours.
  '126.255.255.255',
  '128.0.0.1',
  '::2',
  '::127.0.0.1',
  '::ffff:128.0.0.1',
  '64:ff9b::7f00:1',
  '10.0.0.1',
  // No addresses.
  '127.0.0.999',
  '127.0.0.1.1',
  '1:2',
  // An address with a zone.
  '::1%lo',
  '[::1%25lo]',
  'http://[::1%25lo]/',
  'fe80::1%eth0',
  // Texts that a URL parser would change.
  'example.com@localhost',
  'localhost/path',
  'localhost?x',
  'localhost#x',
  'localhost\\x',
  ' localhost',
  'http://localhost@example.com',
  'http://example.com/?://localhost',
])('%s is not this machine', (where) => {
  expect(isLoopback(where)).toBe(false);
});

it.each([
  ['127.0.0.1', 'ipv4', '127.0.0.1'],
  ['::ffff:10.0.0.1', 'ipv4', '10.0.0.1'],
  ['::FFFF:0A00:0001', 'ipv4', '10.0.0.1'],
  ['2001:DB8:0:0::1', 'ipv6', '2001:db8::1'],
  ['::10.0.0.1', 'ipv6', '::a00:1'],
])('the spelling %s has one canonical form', (text, family, written) => {
  expect(canonicalAddress(text)).toEqual({ family, text: written });
});

it.each(['', 'localhost', '127.1', '0x7f.1', '2130706433', '[::1]', '::1%lo', '127.0.0.1:80'])(
  '"%s" is not read as an address',
  (text) => {
    expect(canonicalAddress(text)).toBeUndefined();
  },
);

it.each([
  ['93.184.216.34', true],
  ['2606:2800:220:1::1', true],
  ['3ffe::1', true],
  // Unassigned, so no server on the internet answers there.
  ['4000::1', false],
  ['::10.0.0.1', false],
  ['fec0::1', false],
  ['5f00::1', false],
  ['64:ff9b::808:808', false],
  ['fd12::1', false],
  ['169.254.169.254', false],
  ['168.63.129.16', true],
])('%s is a public address: %s', (text, expected) => {
  const address = canonicalAddress(text);

  expect(address !== undefined && isPublicAddress(address)).toBe(expected);
});
