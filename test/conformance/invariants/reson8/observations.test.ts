import { expect, it } from 'vitest';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import { RESON8_OBSERVATIONS } from '../../../../src/conformance/invariants/reson8/reson8.ts';
import { RESON8_OBSERVATIONS as TOPICS } from '../../../../src/protocol/reson8/requirements/requirements.ts';
import { audio, close, events, heard, MICROPHONE, play, response, SILENCE } from '../../play.ts';
import {
  confirmed,
  end,
  flush,
  session,
  SMALL,
  switched,
  transcript,
  upgrade,
  type Facts,
} from './cases/building.ts';

const observe = (id: string, given = session('')): readonly string[] =>
  RESON8_OBSERVATIONS.flatMap((each) => each(given)).flatMap((each) => (each.id === id ? each.text : []));
const opened = (query: string, ...facts: Facts) => play(events([upgrade(query), ...facts]));
const WORD = { words: [{ text: 'a', start_ms: 0.5, duration_ms: 1, confidence: 1, speaker_id: 0 }] };

const TOLD: readonly (readonly [string, Play, readonly string[]])[] = [
  ['R8-I01', opened('custom_model_id=m', switched()), ['custom_model_id was sent and accepted']],
  ['R8-I01', opened('custom_model_id=m', response(404)), ['custom_model_id was sent and refused with 404']],
  ['R8-I01', opened('custom_model_id=m'), ['custom_model_id was sent and not answered']],
  [
    'R8-I02',
    opened('sample_rate=8000', switched()),
    ['sample_rate was sent with encoding auto and accepted'],
  ],
  ['R8-I02', opened('sample_rate=8000&encoding=pcm_s16le', switched()), []],
  [
    'R8-I03',
    session('include_confidence=true', heard(SMALL)),
    ['include_confidence was sent without include_words, and no confidence came'],
  ],
  [
    'R8-I03',
    session('include_confidence=true', transcript('a', WORD)),
    ['include_confidence was sent without include_words, and words with confidence came anyway'],
  ],
  ['R8-I03', session('include_confidence=true&include_words=true', heard(SMALL)), []],
  ['R8-I04', session('', close('server', 1011)), ['the server closed with 1011 of its own accord']],
  [
    'R8-I04',
    session('', close('client', 1000), close('server', 1000)),
    ["the server closed with 1000 after the client's 1000"],
  ],
  [
    'R8-I04',
    session('', end('server', 'fin')),
    ['the server ended the connection without a Close frame (fin)'],
  ],
  ['R8-I04', session('', end('client', 'fin')), []],
  ['R8-I05', session('', flush(), confirmed(null)), ['a flush with nothing buffered brought a confirmation']],
  [
    'R8-I05',
    session('', SILENCE, audio(900), flush(), transcript(''), confirmed(null)),
    ['a flush with nothing buffered brought an empty transcript and a confirmation'],
  ],
  ['R8-I05', session('', flush()), ['a flush with nothing buffered brought nothing']],
  ['R8-I05', session('', audio(900), flush(), confirmed(null)), []],
  [
    'R8-I05',
    session('', audio(900), flush('a'), flush('b'), transcript('a'), confirmed('a'), confirmed('b')),
    ['a flush with nothing buffered brought a confirmation'],
  ],
  [
    'R8-I06',
    opened('', response(401, { code: 'X', message: 'y' })),
    ['HTTP 401 came with a JSON object with code, message'],
  ],
  ['R8-I06', opened('', response(400, 'no')), ['HTTP 400 came with a body that is not a JSON object']],
  [
    'R8-I06',
    opened('', response(402, '', { 'x-error-message': 'no' })),
    ['HTTP 402 came with no body, and the header X-Error-Message'],
  ],
  ['R8-I06', session('', heard({ type: 'error', code: 'X' })), ['an error message carried type, code']],
  ['R8-I07', session('', transcript('a', WORD)), ['times had fractions of a millisecond']],
  ['R8-I07', session('', transcript('a', { start_ms: 1, duration_ms: 2 })), []],
  [
    'R8-I08',
    session('', transcript('a', { language: '', ...WORD }), transcript('b', { language: 'en' })),
    ['a transcript carried the field language', 'a transcript carried the field words.speaker_id'],
  ],
  [
    'R8-I08',
    session(
      'include_language=true&diarize=true',
      transcript('a', { language: '', ...WORD }),
      transcript('b', { language: 'en', speaker_id: 0, emotion: 'glad' }),
    ),
    ['a transcript carried the field emotion'],
  ],
  [
    'R8-I08',
    session('include_language=false&diarize=1', transcript('b', { language: 'en', speaker_id: 0 })),
    ['a transcript carried the field language', 'a transcript carried the field speaker_id'],
  ],
  [
    'R8-I08',
    session('', heard({ type: 'flush_confirmation', id: null, at: 1 })),
    ['a flush_confirmation carried the field at'],
  ],
];

it.each(TOLD)('the observation %s is made (case %$)', (id, given, expected) => {
  expect(observe(id, given)).toEqual(expected);
});

it('nothing is observed for another dialect', () => {
  for (const each of RESON8_OBSERVATIONS) expect(each(play(events(MICROPHONE)))).toEqual([]);
});

it('names of unknown fields are limited in number and length', () => {
  const fields = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${'x'.repeat(500)}${i}`, i]));
  const [told = ''] = observe('R8-I06', session('', heard({ type: 'error', ...fields })));

  expect(told.length).toBeLessThan(700);
  expect(told).toContain('39 more');
});

it('there is an observation for each topic', () => {
  expect(RESON8_OBSERVATIONS).toHaveLength(TOPICS.length);
  expect([...new Set(TOLD.map(([id]) => id))]).toEqual(TOPICS.map(({ id }) => id));
});
