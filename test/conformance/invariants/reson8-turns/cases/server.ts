import { at, audio, close, events, heard, play, request, response, SILENCE, SPEECH } from '../../../play.ts';
import {
  AS,
  attempt,
  candidate,
  END,
  ERROR,
  FLUSH,
  GOES_ON,
  KEY,
  MAYBE,
  PATH,
  RAW,
  session,
  spoken,
  START,
  timed,
  TURN,
  words,
  type Case,
} from './session.ts';

const NO_MODEL = '00000000-0000-0000-0000-000000000000';

/** Of the server; R8-TURN-019 compares sessions. */
export const OF_SERVERS: readonly Case[] = [
  {
    id: 'R8-TURN-002',
    held: [
      attempt('valid', 101, '', KEY, START),
      attempt('valid', 101, '', { authorization: 'Bearer redacted-1' }, START),
      attempt('invalid', 401),
      attempt('missing', 401, '', {}),
    ],
    broken: [
      [attempt('valid', 401), 'HTTP 401'],
      [attempt('invalid', 400), 'HTTP 400'],
      [attempt('invalid', 101, '', KEY, START), '101 and a session'],
      [
        play(
          events([
            AS('valid'),
            request(PATH, { 'sec-websocket-protocol': 'bearer, redacted-1' }),
            response(101, undefined, { upgrade: 'websocket' }),
            START,
          ]),
        ),
        'sec-websocket-protocol',
      ],
    ],
    silent: attempt('valid', 401, 'encoding=mp3'),
  },
  {
    id: 'R8-TURN-003',
    held: [session('', START, MAYBE, GOES_ON, MAYBE, END), session('', ERROR)],
    broken: [
      [session('', heard({ type: 'transcript', text: 'x' })), 'type: "transcript"'],
      [session('', heard({ text: 'x' })), 'type: nothing'],
      [session('', heard('[]')), 'a JSON array'],
      [session('', heard('turn_start')), 'not JSON'],
      [session('', { kind: 'binary', from: 'server', byteCount: 4 }), 'a binary message'],
    ],
    // Confirmations are judged by R8-TURN-014.
    silent: session('', heard({ type: 'flush_confirmation', id: null })),
  },
  {
    id: 'R8-TURN-004',
    held: [session('', ...TURN, ...TURN), session('', START, MAYBE, MAYBE, GOES_ON, MAYBE, END)],
    broken: [
      [session('', MAYBE, END), 'turn_end_candidate outside a turn'],
      [session('', END), 'turn_end outside a turn'],
      [session('', ...TURN, GOES_ON), 'turn_continuation outside a turn'],
      [session('', START, ...TURN), 'another one'],
    ],
    silent: session('', audio(100)),
  },
  {
    id: 'R8-TURN-005',
    held: [session('', START, MAYBE, GOES_ON, MAYBE, END)],
    broken: [
      [session('', START, GOES_ON, MAYBE, END), 'it comes after turn_start'],
      [session('', START, MAYBE, GOES_ON, GOES_ON, MAYBE, END), 'it comes after turn_continuation'],
    ],
    silent: session('', ...TURN),
  },
  {
    id: 'R8-TURN-006',
    held: [session('', ...TURN, ...TURN), session('', START, candidate(''), MAYBE, END)],
    broken: [
      [session('', START, END), 'it comes after turn_start'],
      [session('', ...TURN, END), 'another one'],
      [session('', START, MAYBE, ...TURN), 'turn_start after turn_end_candidate'],
    ],
    silent: session('', START, MAYBE),
  },
  {
    id: 'R8-TURN-007',
    held: [session('', ...TURN), session('', START, candidate(''), END)],
    broken: [
      [session('', START, candidate(undefined), END), 'text: nothing'],
      [session('', START, candidate(['one']), END), 'text: ["one"]'],
      [session('', heard({ type: 'turn_start', text: '' })), 'text: ""'],
      [session('', START, MAYBE, heard({ type: 'turn_end', text: 'one' })), 'text: "one"'],
    ],
    silent: session('', audio(100)),
  },
  {
    id: 'R8-TURN-008',
    held: [
      session('', START, MAYBE, MAYBE, GOES_ON, candidate('One, two. Three four'), END),
      // Words may be revised.
      session('', START, candidate('one too three'), candidate('One two three four'), END),
      session('', START, MAYBE, candidate(''), candidate('one two three four'), END),
    ],
    broken: [
      [session('', START, MAYBE, GOES_ON, candidate('four five six'), END), '"four five six"'],
      [
        session(
          '',
          START,
          candidate('one', { start_ms: 0, duration_ms: 500 }),
          candidate('two', { start_ms: 500, duration_ms: 500 }),
          END,
        ),
        'from 500-1000 ms on',
      ],
    ],
    silent: session('', ...TURN, START, candidate('four five six'), END),
  },
  {
    id: 'R8-TURN-009',
    held: [
      session('include_timestamps=true', START, candidate('one', { start_ms: 0, duration_ms: 9.5 })),
      session('', START, candidate('one', { words: [{ text: 'one' }] })),
    ],
    broken: [
      [session('include_timestamps=true', START, MAYBE), 'start_ms: nothing'],
      [
        session('include_timestamps=true', START, candidate('one', { start_ms: '0', duration_ms: 9 })),
        'start_ms: "0"',
      ],
      [
        session(
          'include_timestamps=true&include_words=true',
          START,
          candidate('one', { start_ms: 0, duration_ms: 9, words: [{ text: 'one', start_ms: 0 }] }),
        ),
        'duration_ms: nothing',
      ],
      [session('include_timestamps=false', START, candidate('one', { start_ms: 0 })), 'start_ms: 0'],
      [session('', START, candidate('one', { words: [{ text: 'one', duration_ms: 9 }] })), 'duration_ms: 9'],
    ],
    silent: session('include_timestamps=1', START, MAYBE),
  },
  {
    id: 'R8-TURN-010',
    held: [
      session('include_words=true', START, candidate('one', { words: [{ text: 'one' }] })),
      session('', ...TURN),
    ],
    broken: [
      [session('include_words=true', ...TURN), 'words: nothing'],
      [session('include_words=true', START, candidate('one', { words: ['one'] })), '"one"'],
      [
        session('include_words=true', START, candidate('one', { words: [{ text: 'one', confidence: 1 }] })),
        'confidence: 1',
      ],
      [session('', START, candidate('one', { words: [] })), 'words: []'],
    ],
    silent: session('include_words=true', START, candidate('')),
  },
  {
    id: 'R8-TURN-011',
    held: [
      session('include_language=true', START, candidate('one', { language: 'en' })),
      session('', ...TURN),
    ],
    broken: [
      [session('include_language=true', ...TURN), 'language: nothing'],
      [session('include_language=true', START, candidate('one', { language: ['en'] })), 'language: ["en"]'],
      [session('', START, candidate('one', { language: 'en' })), 'language: "en"'],
    ],
    silent: session('include_language=true', START, candidate('')),
  },
  {
    id: 'R8-TURN-012',
    held: [session('', START, words(['one', 0, 500], ['two', 500, 1000]), END)],
    broken: [
      [session('', START, words(['one', 0, 500], ['two', 300, 1000])), '"two" at 300-1000 ms'],
      [session('', START, words(['one', 0, 500], ['two', 500, 2000])), '"two" at 500-2000 ms'],
      [session('', START, candidate('one two', { words: [{ text: 'one' }] })), 'words that make "one"'],
      [session('', START, candidate('one two', { words: [] })), 'no words'],
    ],
    silent: session('', ...TURN),
  },
  {
    id: 'R8-TURN-013',
    held: [session(RAW, audio(2000), START, timed(0, 900), END, START, timed(900, 1900), END)],
    broken: [
      [
        session(RAW, audio(3000), START, timed(0, 900), END, START, timed(500, 1900), END),
        '500-1900 ms after one at 0-900 ms',
      ],
      // The times of the second turn count from its own beginning.
      [
        session(RAW, audio(3000), START, timed(900, 1900), END, START, timed(0, 800), END),
        '0-800 ms after one at',
      ],
      [session(RAW, audio(1000), START, timed(0, 1900)), '0-1900 ms'],
      [session(RAW, START, timed(-10, 900)), '-10-900 ms'],
    ],
    silent: session('', ...TURN),
  },
  {
    id: 'R8-TURN-014',
    held: [session('', FLUSH, ...TURN), session('', FLUSH, at(9000, close('client')))],
    broken: [[session('', FLUSH, heard({ type: 'flush_confirmation', id: null })), 'flush_confirmation']],
    silent: session('', audio(100), ...TURN),
  },
  {
    id: 'R8-TURN-015',
    held: [session('', ...spoken(2000), FLUSH, ...TURN), session('', audio(900), START, MAYBE, FLUSH, END)],
    broken: [
      [session('', ...spoken(2000), FLUSH, at(9000, close('client'))), 'neither, and the connection went on'],
      [session('', START, FLUSH, MAYBE, at(9000, close('client'))), 'a candidate alone'],
      [session('', ...spoken(2000), FLUSH, at(1000, close('server'))), 'the server ended the connection'],
    ],
    // Nothing was buffered, or it is unknown: the server need not answer.
    silent: session('', SILENCE, audio(9000), FLUSH, ...TURN, FLUSH, at(9000, close('client'))),
  },
  {
    id: 'R8-TURN-016',
    held: [session('', SILENCE, audio(3000), audio(3000))],
    broken: [[session('', SILENCE, audio(3000), START, audio(3000)), 'turn_start after 3000 ms of silence']],
    silent: session('', SILENCE, audio(3000), SPEECH, audio(3000), START),
  },
  {
    id: 'R8-TURN-017',
    held: [
      attempt('valid', 400, 'eager_turn_probability=0.95'),
      attempt('valid', 400, 'final_turn_probability=1.5'),
      attempt('valid', 400, 'encoding=mp3'),
      attempt('valid', 400, 'encoding=pcm_s16le&channels=0'),
      attempt('valid', 400, 'filler_mode=loud'),
      attempt('valid', 400, `custom_model_id=${NO_MODEL}`),
    ],
    broken: [
      [attempt('valid', 101, 'eager_turn_probability=0.95', KEY, START), '101 and a session'],
      [attempt('valid', 403, 'encoding=mp3'), 'HTTP 403'],
      [attempt('valid', 403, 'bias_strength=-1'), 'HTTP 403'],
      [attempt('valid', 101, `custom_model_id=${NO_MODEL}`, KEY, START), '101 and a session'],
    ],
    silent: attempt('valid', 400, 'include_words=1'),
  },
  {
    id: 'R8-TURN-018',
    held: [
      session('', ...spoken(2000), ...TURN, audio(2000), ...TURN),
      session('', FLUSH, ...spoken(2000), ...TURN),
    ],
    broken: [
      [session('', ...spoken(2000), ...TURN, close('server')), 'ended it with 1000 after turn_end'],
      [session('', FLUSH, at(1000, close('server', 1011))), 'ended it with 1011 after a flush'],
      [
        session('', ...spoken(2000), ...TURN, at(9000, audio(2000)), at(1000, close('server'))),
        'after turn_end',
      ],
    ],
    // A server may end a connection that is silent for a long time, or at once with an error.
    silent: session('', ...TURN, SILENCE, audio(9000), close('server')),
  },
];
