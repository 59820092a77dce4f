import fc from 'fast-check';
import { expect, it } from 'vitest';
import { authorityOf, describe, readTarget } from '../../../src/audio/sources/target.ts';
import { SourceError } from '../../../src/audio/source.ts';

it.each([
  ['http://example.com/a.mp3', 'http://example.com/a.mp3', ''],
  ['  HTTPS://Example.COM:443/a.mp3#part\n', 'https://example.com/a.mp3', ''],
  ['https://example.com:8443?x=1', 'https://example.com:8443/', '?x=1'],
  ['http://0x7f.1/a', 'http://127.0.0.1/a', ''],
  ['http://2130706433/a', 'http://127.0.0.1/a', ''],
  ['http://[::FFFF:127.0.0.1]:81/a', 'http://[::ffff:7f00:1]:81/a', ''],
  ['http://h/a?', 'http://h/a', ''],
  ['http://h/a#b?c', 'http://h/a', ''],
  ['http://h/a?b#c?d', 'http://h/a', '?b'],
  ['http://h\\a?b?c', 'http://h/a', '?b?c'],
  [
    'http://h/a?sig=a%2Bb%2F%3D&se=2030-01-01T00%3A00%3A00Z',
    'http://h/a',
    '?sig=a%2Bb%2F%3D&se=2030-01-01T00%3A00%3A00Z',
  ],
  ["http://h/a?it's|{this}^`\\", 'http://h/a', "?it's|{this}^`\\"],
  ['http://h/a?é x', 'http://h/a', '?%C3%A9%20x'],
])('reads %s as %s with the query "%s"', (url, described, query) => {
  const target = readTarget(url);
  expect(describe(target)).toBe(described);
  expect(target.query).toBe(query);
});

it('passes any query of printable characters on unchanged', () => {
  const printable = fc.string({ unit: fc.constantFrom(...printableAscii()), minLength: 1 });
  fc.assert(
    fc.property(printable, (query) => {
      expect(readTarget(`http://h/a?${query}`).query).toBe(`?${query}`);
    }),
  );
});

const BASE = readTarget('https://user:pass@example.com:8443/dir/list.m3u8?sig=abc');

it.each([
  ['a.mp3', 'https://example.com:8443/dir/a.mp3', '', true],
  ['../a.mp3?x=%2F', 'https://example.com:8443/a.mp3', '?x=%2F', true],
  ['/a.mp3', 'https://example.com:8443/a.mp3', '', true],
  ['?x=1', 'https://example.com:8443/dir/list.m3u8', '?x=1', true],
  ['#x', 'https://example.com:8443/dir/list.m3u8', '?sig=abc', true],
  ['https://EXAMPLE.com:8443/a', 'https://example.com:8443/a', '', true],
  ['//example.com:8443/a', 'https://example.com:8443/a', '', true],
  ['http://example.com:8443/a', 'http://example.com:8443/a', '', false],
  ['https://example.com/a', 'https://example.com/a', '', false],
  ['//other.example/a', 'https://other.example/a', '', false],
])(
  '%s goes from the base to %s with the query "%s", keeping the credentials: %s',
  (reference, where, query, kept) => {
    const target = readTarget(reference, BASE);

    expect(describe(target)).toBe(where);
    expect(target.query).toBe(query);
    expect(target.authorization).toBe(kept ? BASE.authorization : undefined);
  },
);

it('takes user name and password out of the URL, decoded', () => {
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

  expect(readTarget('http://us%40er:p%C3%A9ss@h/').authorization).toBe(basic('us@er:péss'));
  expect(readTarget('http://user@h/').authorization).toBe(basic('user:'));
  expect(readTarget('http://100%:x@h/').authorization).toBe(basic('100%:x'));
  expect(readTarget('http://@h/').authorization).toBeUndefined();
});

it('uses the credentials that a redirect brings along instead of those of the base', () => {
  expect(readTarget('https://other:two@example.com:8443/', BASE).authorization).not.toBe(BASE.authorization);
});

it.each([
  ['', 'empty'],
  [' \n', 'empty'],
  ['no url', 'not a valid absolute URL'],
  ['/a.mp3', 'not a valid absolute URL'],
  ['http://', 'not a valid absolute URL'],
  ['http://h:99999/', 'not a valid absolute URL'],
  ['http://[::1/', 'not a valid absolute URL'],
  ['ftp://h/a', 'but ftp:'],
  ['file:///etc/passwd', 'but file:'],
  ['javascript:alert(1)', 'not an http or https URL'],
  [`http://h/${'a'.repeat(9000)}`, 'longer than 8192'],
])('refuses "%s"', (url, reason) => {
  const read = () => readTarget(url);

  expect(read).toThrow(SourceError);
  expect(read).toThrow(/^Invalid stream: /);
  expect(read).toThrow(reason);
});

it('repeats no part of a text that is not a URL, because it may be a password', () => {
  for (const url of ['s3cret:pass@host', 's3cret', 'http://s3cret:s3cret@[/']) {
    expect(() => readTarget(url)).toThrow(/^(?!.*s3cret)/);
  }
});

it('cuts long paths in descriptions', () => {
  expect(describe(readTarget(`http://h/${'a'.repeat(1000)}`)).length).toBeLessThan(300);
});

it('puts the port into the Host header only if it is not the default', () => {
  expect(authorityOf(readTarget('http://h:80/'))).toBe('h');
  expect(authorityOf(readTarget('http://h:443/'))).toBe('h:443');
  expect(authorityOf(readTarget('http://[::1]:8080/'))).toBe('[::1]:8080');
});

/** All but the fragment's mark. */
function printableAscii(): string[] {
  const codes = Array.from({ length: 0x7e - 0x20 }, (_, i) => 0x21 + i);
  return codes.map((code) => String.fromCharCode(code)).filter((char) => char !== '#');
}
