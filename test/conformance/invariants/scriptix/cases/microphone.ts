import { at, audio, close, context, events, heard, play, request, response, said } from '../../../play.ts';
import { final, mic, MICROPHONE_URL, of, partial, STARTED, stream, type Case } from './case.ts';

const SPEECH = context({ audio: { bytesPerMs: 32, content: 'speech' } });
const SILENCE = context({ audio: { bytesPerMs: 32, content: 'silence' } });
const OPEN = [request(MICROPHONE_URL), response(101)];
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Sessions of one group with the role and the results of each, which follow 7 facts. */
const group = (...sessions: readonly (readonly [role: string, ...texts: readonly string[]])[]) =>
  play(
    events(
      ...sessions.map(([role, ...texts]) => [
        ...STARTED,
        context({ group: 'g', role }),
        audio(4000),
        ...texts.flatMap((text, i) => [partial(text, 100 + i * 1500), final(text, 100 + i * 1500)]),
        at(5000, close('client')),
      ]),
    ),
  );

export const ON_MICROPHONE: readonly Case[] = [
  {
    id: 'SX-MIC-001',
    held: mic(),
    broken: [
      { play: of(...OPEN, SPEECH, audio(100)), evidence: [1, 3] },
      // The service reports that it cannot read it.
      { play: of(...OPEN, audio(100), heard({ error: 'no start' })), evidence: [1, 2] },
      { play: of(...OPEN, at(15_000, SPEECH)), evidence: [1, 2] },
    ],
    silent: of(...OPEN),
  },
  {
    id: 'SX-MIC-002',
    held: mic(),
    broken: [
      { play: of(...OPEN, said({ action: 'Start' })), evidence: [2] },
      { play: of(...OPEN, said('start')), evidence: [2] },
      // It was also reported as audio without start and as an unknown command.
      { play: of(...OPEN, said('["start"]'), SPEECH, audio(100)), evidence: [2] },
      {
        play: of(...OPEN, {
          kind: 'binary',
          from: 'client',
          byteCount: 18,
          base64: base64('{"action":"start"}'),
        }),
        evidence: [2],
      },
    ],
    silent: of(...OPEN, said({ action: 'stop' })),
  },
  {
    id: 'SX-MIC-003',
    held: mic(),
    broken: [{ play: of(...OPEN, SPEECH, audio(100), said({ action: 'start' })), evidence: [3, 4] }],
    silent: of(...STARTED),
  },
  {
    id: 'SX-MIC-004',
    held: mic(),
    broken: [{ play: mic(said({ action: 'start' })), evidence: [2, 6] }],
    silent: of(...OPEN),
  },
  {
    id: 'SX-MIC-005',
    held: mic(),
    broken: [
      {
        play: of(...STARTED, said({ audio: 'A'.repeat(3200) })),
        evidence: [5],
      },
    ],
    silent: of(...STARTED),
  },
  {
    id: 'SX-MIC-006',
    held: mic(said({ action: 'stop' })),
    broken: [{ play: mic(said('ping')), evidence: [6], outcome: 'doubtful' }],
    silent: of(...OPEN),
  },
  {
    id: 'SX-MIC-007',
    held: mic(partial('hi')),
    broken: [{ play: of(...STARTED, partial('hi', 0), audio(100)), evidence: [5, 6] }],
    silent: mic(),
  },
  {
    id: 'SX-MIC-008',
    held: group(['base', 'hi how are you'], ['chunks', 'hi how are we'], ['pace', 'hi how are you']),
    broken: [
      { play: group(['base', 'hi how are you'], ['chunks', 'nothing like it']), evidence: [0, 1, 16, 17] },
      { play: group(['base', 'hi how are you'], ['lead']), evidence: [0, 1, 15] },
    ],
    silent: group(['base'], ['chunks']),
  },
  {
    id: 'SX-PART-007',
    held: of(...STARTED.slice(0, 4), SILENCE, audio(6000), SPEECH, audio(1000), partial('hi', 6100)),
    broken: [
      {
        play: of(...STARTED.slice(0, 4), SILENCE, audio(1000), partial('hi'), audio(5000), SPEECH),
        evidence: [6],
      },
    ],
    silent: of(...STARTED.slice(0, 4), SPEECH, audio(500), SILENCE, audio(9000), partial('hi')),
  },
  {
    id: 'SX-PART-014',
    held: mic(partial('hi', 10_400)),
    broken: [{ play: mic(partial('hi', 10_600)), evidence: [6] }],
    silent: of(...STARTED.slice(0, 4), audio(1000), partial('hi', 99_000)),
  },
  {
    id: 'SX-FIN-012',
    held: mic(partial('hi how', 10_000), final('hi how', 10_000)),
    broken: [
      {
        play: mic(partial('hi how', 10_000), final('hi how', 10_000, {}, 200)),
        evidence: [7],
        also: ['SX-FIN-011'],
      },
      // On the absolute base, as the session has shown.
      {
        play: mic(
          partial('hi how', 1000),
          final('hi how', 1000, {}, 1000),
          partial('are', 10_000),
          final('are', 10_000, {}, 10_400),
        ),
        evidence: [9],
        also: ['SX-FIN-011'],
      },
    ],
    silent: stream(partial('hi', 100), final('hi', 100)),
  },
  {
    id: 'SX-FIN-018',
    held: of(
      ...STARTED,
      audio(50_000),
      partial('hi how'),
      final('hi how'),
      heard({
        text: 'a b',
        is_final: true,
        offset_ms: 900,
        words: [
          ['a', 0, 200, 1],
          ['b', 43_000, 44_000, 1],
        ],
      }),
    ),
    broken: [
      {
        play: of(
          ...STARTED,
          audio(50_000),
          partial('a', 100),
          heard({
            text: 'a b',
            is_final: true,
            offset_ms: 100,
            words: [
              ['a', 0, 200, 1],
              ['b', 46_000, 47_000, 1],
            ],
          }),
        ),
        evidence: [7],
      },
      {
        play: of(...STARTED, audio(1000), partial('a'), at(46_000, audio(46_000)), partial('a b')),
        evidence: [6, 8],
      },
      {
        play: of(...STARTED, audio(50_000), partial('a'), {
          kind: 'close',
          from: 'server',
          code: 1000,
          reason: '',
        }),
        evidence: [6, 7],
      },
    ],
    silent: of(...STARTED, audio(40_000), partial('hi'), final('hi')),
  },
];
