import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LONGEST_SHOWN,
  plainJson,
  visible,
  visibleLines,
  withoutCommands,
} from '../../../src/runtime/text/plain.ts';
import { hostileText } from '../../conformance/report/hostile.ts';

describe('visible', () => {
  it.each([
    ['letters, characters and emoji', 'plain text, 漢字 and 😀', 'plain text, 漢字 and 😀'],
    ['a soft hyphen', 'co\u00adoperate', 'co\u00adoperate'],
  ])('leaves %s unchanged', (_what, text, expected) => expect(visible(text)).toBe(expected));

  it.each([
    ['line breaks and a tab', 'a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['a command to a terminal', '\u001b[2J', '\\u001b[2J'],
    ['a command that begins with a single character', '\u009b31m', '\\u009b31m'],
    ['separators of lines and paragraphs', '\u2028\u2029', '\\u2028\\u2029'],
    ['a change of direction', '\u202eabc', '\\u202eabc'],
    ['a byte order mark', '\ufeff', '\\ufeff'],
    ['half a pair of surrogates', '\ud800x', '\\ud800x'],
    ['a code point that is not a character', '\u{1fffe}', '\\u{1fffe}'],
  ])('escapes %s', (_what, text, expected) => expect(visible(text)).toBe(expected));

  it('limits the length, and does not cut within a character', () => {
    expect(visible('abcdef', 3)).toBe('abc… (6 characters)');
    expect(visible('ab😀', 3)).toBe('ab… (4 characters)');
    expect(visible('x'.repeat(LONGEST_SHOWN))).toBe('x'.repeat(LONGEST_SHOWN));
  });

  it('never leaves a control character, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

it('visibleLines keeps line breaks, up to a limit', () => {
  expect(visibleLines('a\r\nb\u001b\rc\n')).toEqual(['a', 'b\\u001b', 'c', '']);

  const many = visibleLines('\n'.repeat(1000));
  expect(many).toHaveLength(401);
  expect(many.at(-1)).toBe('… (1001 lines)');
});

it.each([
  ['breaks a command of GitHub', '::error::x', ': :error::x'],
  ['breaks a command after spaces on a later line', 'a\n  ::error::x', 'a\n  : :error::x'],
  ['leaves text within a line unchanged', 'a ::error::x', 'a ::error::x'],
  ['breaks a command of Azure', '##[error]x', '## [error]x'],
])('withoutCommands %s', (_what, text, expected) => expect(withoutCommands(text)).toBe(expected));

describe('plainJson', () => {
  it('is equal to its value when parsed, and contains no control characters', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const json = plainJson({ text });
        expect(JSON.parse(json)).toEqual({ text });
        expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|##\[/u);
      }),
    );
  });
});
