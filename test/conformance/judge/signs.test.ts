import { describe, expect, it } from 'vitest';
import { occasionsIn } from '../../../src/conformance/judge/judge.ts';
import type { Play } from '../../../src/conformance/judge/invariant.ts';
import type { TraceFact } from '../../../src/wire/trace.ts';
import {
  audio,
  context,
  events,
  heard,
  MICROPHONE,
  play,
  request,
  RESON8,
  response,
  SILENCE,
} from '../play.ts';

const TERMS = { deviations: new Set<string>() };
const of = (...facts: readonly TraceFact[]) => play(events(facts));
const verdictsIn = (id: string, ...plays: readonly Play[]) =>
  (occasionsIn(plays, [id], TERMS).get(id) ?? []).map(({ occasion }) => occasion.outcome);

const start = MICROPHONE.slice(0, 4);
const silentMicrophone = of(...start, SILENCE, audio(6000), audio(20));
const silentReson8 = of(...RESON8.slice(0, 2), SILENCE, audio(6000), audio(20));
const refused = of(
  context({ dialect: 'scriptix', credential: 'invalid' }),
  request('/v2/realtime?token=redacted-1&type=fast'),
  response(401),
);

/*
 * A server that accepted connections and never sent anything passed all requirements not to send something: no
 * results for silence, no confirmation without a request, no session for a bad token.
 */
describe('a requirement that is kept by silence', () => {
  it.each<readonly [string, Play, Play]>([
    [
      'SX-PART-007',
      silentMicrophone,
      of(...MICROPHONE, audio(100), heard({ text: 'hi', is_final: false, offset_ms: 0, stability: 1 })),
    ],
    ['R8-TR-013', silentReson8, of(...RESON8, audio(100), heard({ type: 'transcript', text: 'hi' }))],
    ['R8-FL-008', silentReson8, of(...RESON8, heard({ type: 'flush_confirmation', id: null }))],
    ['SX-CONN-011', refused, of(...MICROPHONE)],
  ])('is kept only by a server that has shown that it can act otherwise: %s', (id, silent, speaking) => {
    expect(verdictsIn(id, silent)).toEqual(['unclear']);
    expect(verdictsIn(id, silent, speaking)[0]).toBe('held');
  });

  it('is not kept by a server that sends nothing for microphones because it transcribes streams', () => {
    const stream = of(
      context({ dialect: 'scriptix-stream', credential: 'valid', source: 'mp3' }),
      request('/v2/client/redacted-1?url=http://x/y.mp3&language=en'),
      response(101),
      heard({ text: 'hi', is_final: false, offset_ms: 0, stability: 1 }),
    );
    expect(verdictsIn('SX-PART-007', silentMicrophone, stream)).toEqual(['unclear']);
  });

  it('is broken in any case, whichever side breaks it', () => {
    const facts = [...start, SILENCE, audio(6000), heard({ text: '', is_final: false }), audio(20)];
    expect(verdictsIn('SX-PART-007', of(...facts))).toEqual(['broken']);
  });
});

/* A server that said `loading` to every stream, and never more, passed as one that plays MP3 files. */
describe('a stream that is loading', () => {
  const asked = [
    context({ dialect: 'scriptix-stream', credential: 'valid', source: 'mp3' }),
    request('/v2/client/redacted-1?url=http://x/y.mp3&language=en'),
    response(101),
    heard({ state: 'loading' }),
  ] satisfies readonly TraceFact[];
  const result = heard({ text: 'hi', is_final: false, offset_ms: 0, stability: 1 });

  it('counts as played if any stream is transcribed', () => {
    expect(verdictsIn('SX-STR-007', of(...asked))).toEqual(['unclear']);
    expect(verdictsIn('SX-STR-007', of(...asked), of(...asked, result))).toEqual(['held', 'held']);
    expect(verdictsIn('SX-STR-007', of(...asked), of(...MICROPHONE, audio(100), result))).toEqual([
      'unclear',
    ]);
  });
});
