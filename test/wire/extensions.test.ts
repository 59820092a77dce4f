import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deflateOf, notOffered } from '../../src/wire/extensions.ts';
import { anyCharacter } from '../support/any-character.ts';

const OFFER = 'permessage-deflate; client_max_window_bits';

describe('extensions in the answer to an upgrade', () => {
  it.each([
    ['', ''],
    [OFFER, ''],
    [OFFER, 'permessage-deflate'],
    [OFFER, 'permessage-deflate; server_no_context_takeover; client_no_context_takeover'],
    [OFFER, 'permessage-deflate; server_max_window_bits=10; client_max_window_bits=9'],
    [OFFER, 'permessage-deflate; client_max_window_bits="9"'],
    ['permessage-deflate', 'permessage-deflate; server_max_window_bits=12'],
    ['permessage-deflate; server_max_window_bits=12', 'permessage-deflate; server_max_window_bits=11'],
    ['permessage-deflate; server_max_window_bits=8, permessage-deflate', 'permessage-deflate'],
    ['x-other, permessage-deflate', 'x-other; a=b'],
    // The server is not to blame for an offer that cannot be read.
    ['permessage-deflate; =', 'permessage-deflate'],
  ])('are allowed after the offer "%s": "%s"', (offer, answer) => {
    expect(notOffered(offer, answer)).toBeUndefined();
  });

  it.each([
    ['', 'permessage-deflate', 'the extension permessage-deflate, which was not offered'],
    [OFFER, 'x-webkit-deflate-frame', 'the extension x-webkit-deflate-frame, which was not offered'],
    [OFFER, 'permessage-deflate, permessage-deflate', 'the extension permessage-deflate more than once'],
    [
      OFFER,
      'permessage-deflate; mode=fast',
      'permessage-deflate with a parameter that it does not have: mode=fast',
    ],
    [
      OFFER,
      'permessage-deflate; client_max_window_bits',
      'permessage-deflate with a parameter that it does not have: client_max_window_bits',
    ],
    [
      OFFER,
      'permessage-deflate; server_max_window_bits=16',
      'permessage-deflate with a parameter that it does not have: server_max_window_bits=16',
    ],
    [
      'permessage-deflate',
      'permessage-deflate; client_max_window_bits=10',
      'permessage-deflate with other parameters than offered',
    ],
    [
      'permessage-deflate; server_no_context_takeover',
      'permessage-deflate',
      'permessage-deflate with other parameters than offered',
    ],
    [
      'permessage-deflate; server_max_window_bits=9',
      'permessage-deflate; server_max_window_bits=10',
      'permessage-deflate with other parameters than offered',
    ],
    [OFFER, 'permessage-deflate; =', 'a list of extensions that cannot be read'],
  ])('are refused after the offer "%s": "%s"', (offer, answer, what) => {
    expect(notOffered(offer, answer)).toBe(what);
  });

  it('are read from any text without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.string({ unit: anyCharacter }), (offer, answer) => {
        notOffered(offer, answer);
        deflateOf(offer, answer);
      }),
    );
  });

  it('say how messages are compressed', () => {
    expect(deflateOf(OFFER, '')).toBeUndefined();
    expect(deflateOf(OFFER, 'permessage-deflate')).toEqual({
      serverKeepsContext: true,
      clientWindowBits: 15,
      isOffered: true,
    });

    const bare = 'permessage-deflate; server_no_context_takeover; client_max_window_bits=10';
    expect(deflateOf('', bare)).toEqual({
      serverKeepsContext: false,
      clientWindowBits: 10,
      isOffered: false,
    });
  });
});
