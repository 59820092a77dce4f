import { expect, it } from 'vitest';
import { settledIn } from '../../../src/conformance/blame/settle.ts';
import { INVARIANTS } from '../../../src/conformance/invariants/invariants.ts';
import type { TraceFact } from '../../../src/wire/trace.ts';
import { at, audio, close, context, events, heard, play, request, response, said } from '../play.ts';

const ONE = 'good morning you have an appointment';
const TWO = 'the ship left port at dawn';

/** A final with words of one length. */
function final(text: string, wordMs: number): TraceFact {
  const words = text.split(' ').map((word, i) => [word, i * wordMs, (i + 1) * wordMs, 0.9]);
  return heard({ text, is_final: true, offset_ms: 0, words });
}

/** A session of three seconds that begins at this time. */
const session = (afterMs: number, recording: string, result: TraceFact): readonly TraceFact[] => [
  at(afterMs, context({ dialect: 'scriptix', credential: 'valid' })),
  request('/v2/realtime?token=redacted-1&type=fast'),
  response(101),
  said({ action: 'start' }),
  heard({ state: 'listening' }),
  context({ audio: { bytesPerMs: 32, content: 'speech', recording } }),
  audio(3000),
  heard({ text: recording === 'one' ? 'good' : 'the', is_final: false, offset_ms: 0, stability: 0.5 }),
  result,
  close('client'),
  { kind: 'end', by: 'client', how: 'close', code: 1000 },
];

const found = (id: string, foreign: TraceFact) =>
  settledIn(
    play(
      events(
        session(0, 'one', final(ONE, 400)),
        session(10_000, 'two', final(TWO, 400)),
        session(20_000, 'one', foreign),
        session(20_000, 'two', final(TWO, 400)),
      ),
    ),
    INVARIANTS,
  )(id)
    .filter(({ outcome }) => outcome !== 'held')
    .map(({ outcome, cause }) => [outcome, cause]);

// A final of another session was reported twice if its words ended beyond the audio of the session that got it.
it('a final of another session is reported once, wherever its words end', () => {
  expect(found('SX-ISO-001', final(TWO, 2000))).toEqual([['broken', undefined]]);
  expect(found('SX-FIN-012', final(TWO, 2000))).toEqual([['unclear', 'SX-ISO-001']]);
});

it('words of the session itself that end beyond its audio are reported', () => {
  expect(found('SX-ISO-001', final(ONE, 2000))).toEqual([]);
  expect(found('SX-FIN-012', final(ONE, 2000))).toEqual([['broken', undefined]]);
});
