import { describe, expect, it } from 'vitest';
import { placesOf, placesText } from '../../src/protocol/source.ts';

describe('a place in a document', () => {
  it.each<[text: string, places: readonly unknown[]]>([
    ['', []],
    ['S0:5', [{ document: 'S0', line: 5 }]],
    ['S0:5-7', [{ document: 'S0', line: 5, lastLine: 7 }]],
    [
      'S1:12,45-46; S2:3',
      [
        { document: 'S1', line: 12 },
        { document: 'S1', line: 45, lastLine: 46 },
        { document: 'S2', line: 3 },
      ],
    ],
    [
      'RFC 6455 §5.5.2; RFC 6455 §5.5.3; S2:106',
      [
        { document: 'RFC 6455', section: '5.5.2' },
        { document: 'RFC 6455', section: '5.5.3' },
        { document: 'S2', line: 106 },
      ],
    ],
  ])('"%s" is read, and written in the same way', (text, places) => {
    expect(placesOf(text)).toEqual(places);
    expect(placesText(placesOf(text))).toBe(text);
  });

  it.each(['S0', 'S0:', 'S0:x', 'S0:1-', 'S0:1,,2', 'RFC 6455', 'S0:1, 2', 'page 3'])(
    '"%s" is refused',
    (text) => {
      expect(() => placesOf(text)).toThrow(/^not a/);
    },
  );
});
