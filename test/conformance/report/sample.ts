import { diagramOf } from '../../../src/conformance/report/drawing/diagram.ts';
import type { Report } from '../../../src/conformance/report/report.ts';
import type { RecordedPlay } from '../../../src/conformance/conversation/recorded-play.ts';
import type { RequirementResult, Verdict } from '../../../src/conformance/judge/result.ts';
import { TOLERANCES } from '../../../src/conformance/judge/tolerances.ts';
import type { TraceEvent, TraceFact } from '../../../src/wire/trace.ts';
import {
  at,
  audio,
  close,
  context,
  events,
  heard,
  MICROPHONE,
  request,
  response,
  RESON8,
  said,
} from '../play.ts';

/** A complete record of a run. */
export interface Sample {
  readonly report: Report;
  readonly plays: readonly RecordedPlay[];
}

const partial = (text: string, offsetMs: number, stability = 0.6) =>
  heard({ text, is_final: false, offset_ms: offsetMs, stability });
const final = (text: string, offsetMs: number) =>
  heard({
    text,
    is_final: true,
    offset_ms: offsetMs,
    words: text.split(' ').map((word, i) => [word, i * 300, i * 300 + 250, 0.93]),
  });
const end = (
  code: number,
  how: 'close' | 'reset' = 'close',
  by: 'client' | 'server' = 'server',
): TraceFact => ({
  kind: 'end',
  how,
  code,
  by,
});
const frames = (count: number, ms = 100): readonly TraceFact[] =>
  Array.from({ length: count }, () => at(ms, audio(ms)));
const content = (kind: 'speech' | 'silence' | 'noise') =>
  context({ audio: { bytesPerMs: 32, content: kind } });

/** Two sentences, each with partials and a final, and the second final sent again with another text. */
export const DICTATION: RecordedPlay = {
  name: 'happy-path',
  events: events(
    [
      ...MICROPHONE,
      ...frames(6),
      partial('good', 0),
      ...frames(4),
      partial('good morning', 0, 0.8),
      content('silence'),
      ...frames(12),
      final('good morning', 0),
      content('speech'),
      ...frames(8),
      partial('please', 2300),
      ...frames(5),
      partial('please bring', 2300, 0.7),
      ...frames(4),
      final('please bring your passport', 2300),
      content('silence'),
      ...frames(3),
      final('please bring your pass', 2300),
      said({ action: 'stop' }),
      heard({ state: 'stopped' }),
      close('server'),
      close('client'),
      end(1000),
    ],
    [
      request('/v2/realtime?token=redacted-2'),
      response(101),
      said({ action: 'start' }),
      heard({ state: 'loading' }),
      at(800, heard({ state: 'listening' })),
      content('noise'),
      ...frames(10),
      heard({ error: 'Invalid audio' }),
      close('server'),
      close('client'),
      end(1000),
    ],
  ),
};

export const FLUSHED: RecordedPlay = {
  name: 'flush',
  events: events([
    ...RESON8,
    ...frames(10),
    said({ type: 'flush_request', id: 'a' }),
    heard({ type: 'transcript', text: 'good morning', start_ms: 120, duration_ms: 700 }),
    heard({ type: 'flush_confirmation', id: 'a' }),
    close('client'),
    close('server'),
    end(1000, 'close', 'client'),
  ]),
};

export const REFUSED: RecordedPlay = {
  name: 'refused',
  events: events(
    [request('/api/v4/realtime/status'), response(401, { detail: 'Not authenticated' })],
    [request('/v2/realtime'), response(401, { detail: 'Not authenticated' }), end(1006, 'reset')],
  ),
};

/** The index of an event of a play. */
function place(play: RecordedPlay, isIt: (event: TraceEvent) => boolean): number {
  const index = play.events.findIndex(isIt);
  if (index < 0) throw new Error(`${play.name}: there is no such event`);
  return index;
}

const says = (part: string) => (event: TraceEvent) => event.kind === 'text' && event.text.includes(part);
const FIRST = place(DICTATION, says('"please bring your passport"'));
const SECOND = place(DICTATION, says('"please bring your pass"'));

/** One result of each verdict. */
export const RESULTS: Readonly<Record<Verdict, RequirementResult>> = {
  pass: {
    id: 'SX-FIN-011',
    level: 'SHOULD',
    side: 'server',
    verdict: 'pass',
    exercised: 7,
    reading: 'A7: word times are relative to offset_ms',
    source: [
      { document: 'S0', line: 61 },
      { document: 'S2', line: 75 },
    ],
    statement: 'word times have one time base in the whole session',
  },
  fail: {
    id: 'SX-FIN-014',
    level: 'MUST',
    side: 'server',
    verdict: 'fail',
    exercised: 2,
    reading: 'A4: offset_ms is the start of the segment',
    source: [
      { document: 'S0', line: 72 },
      { document: 'S1', line: 40 },
    ],
    statement: 'finals never change: there is no second final with the same offset and another text',
    expected: 'no other final at 2300 ms',
    actual: '"please bring your passport", then "please bring your pass"',
    play: DICTATION.name,
    evidence: [FIRST, SECOND],
    trace: 'traces/happy-path.ndjson',
    scenario: 'counterexamples/SX-FIN-014-9f3c.yaml',
    determinism: '3/3',
    repro:
      'npx understudy conformance server --dialect scriptix --url ws://127.0.0.1:8080 --only SX-FIN-014 --seed 7',
    diagram: diagramOf(DICTATION.events, [
      { index: FIRST },
      { index: SECOND, note: 'another text for the same segment' },
    ]),
  },
  warn: {
    id: 'TR-005',
    level: 'SHOULD',
    side: 'both',
    verdict: 'warn',
    exercised: 3,
    reading: null,
    source: [{ document: 'RFC 6455', section: '5.5.1' }],
    statement: 'a Close is answered by a Close',
    expected: 'a Close frame within 5000 ms',
    actual: 'it came after 6200 ms',
    play: FLUSHED.name,
    evidence: [place(FLUSHED, ({ kind }) => kind === 'close')],
  },
  'not-exercised': {
    id: 'SX-CONN-006',
    level: 'MUST',
    side: 'server',
    verdict: 'not-exercised',
    exercised: 0,
    reading: null,
    source: [{ document: 'S0', line: 27 }],
    statement: 'the server accepts the header x-zoom-s2t-key',
    reason: 'no --token was given',
  },
  'not-applicable': {
    id: 'SX-MIC-001',
    level: 'MUST',
    side: 'client',
    verdict: 'not-applicable',
    exercised: 0,
    reading: null,
    source: [{ document: 'S1', line: 20 }],
    statement: 'the client sends a start command once the connection is open',
    reason: 'it is asked of clients',
  },
  inconclusive: {
    id: 'R8-FL-006',
    level: 'MUST',
    side: 'server',
    verdict: 'inconclusive',
    exercised: 0,
    reading: null,
    source: [{ document: 'S4', line: 69 }],
    statement: 'a flush with buffered speech returns a transcript',
    expected: 'speech whose length is known',
    actual: 'audio whose content nobody told',
    play: FLUSHED.name,
    evidence: [place(FLUSHED, says('flush_request'))],
  },
  excused: {
    id: 'R8-W-006',
    level: 'MUST',
    side: 'server',
    verdict: 'excused',
    exercised: 4,
    reading: null,
    source: [{ document: 'S4', line: 116 }],
    statement: 'a confidence is from 0 to 1',
    expected: '0 to 1',
    actual: '-0.105',
    reason: 'accepted as reson8-confidence-logprob',
    play: FLUSHED.name,
    evidence: [place(FLUSHED, says('transcript'))],
  },
};

const SHARED = {
  schemaVersion: 1,
  tool: { name: 'asr-understudy', version: '0.1.0' },
  subject: { kind: 'server', dialect: 'scriptix', target: 'ws://127.0.0.1:8080' },
  seed: 7,
  profile: 'full',
  startedAt: '2025-01-31T12:00:00.000Z',
  durationMs: 83_512,
  tolerances: TOLERANCES,
} as const;

const SESSIONS: Report['sessions'] = [
  {
    name: 'happy-path/s1',
    play: 'happy-path',
    session: 's1',
    trace: 'traces/happy-path.ndjson',
    closeCode: 1000,
    audioMs: 4200,
  },
  { name: 'happy-path/s2', play: 'happy-path', session: 's2', closeCode: 1000, audioMs: 1000 },
  { name: 'flush/s1', play: 'flush', session: 's1', closeCode: 1000, audioMs: 1000 },
  { name: 'refused/s1', play: 'refused', session: 's1', audioMs: 0 },
];

export function summaryOf(requirements: readonly RequirementResult[]): Report['summary'] {
  const count = (verdict: Verdict) => requirements.filter((each) => each.verdict === verdict).length;
  return {
    pass: count('pass'),
    fail: count('fail'),
    warn: count('warn'),
    notExercised: count('not-exercised'),
    notApplicable: count('not-applicable'),
    inconclusive: count('inconclusive'),
    excused: count('excused'),
  };
}

const ALL = Object.values(RESULTS);
/** A second failure without any optional field of a result, and a pass with an unknown id. */
const MORE: readonly RequirementResult[] = [
  {
    id: 'SX-ERR-003',
    level: 'MUST',
    side: 'server',
    verdict: 'fail',
    exercised: 1,
    reading: null,
    source: [{ document: 'S2', line: 105 }],
    statement: 'a normal end has the close code 1000',
  },
  {
    id: 'ZZ-001',
    level: 'INFO',
    side: 'both',
    verdict: 'pass',
    exercised: 1,
    reading: null,
    source: [],
    statement: 'something that another version asks',
  },
];

/** A run with every verdict. */
export const EVERY_VERDICT: Sample = {
  plays: [DICTATION, FLUSHED, REFUSED],
  report: {
    ...SHARED,
    outcome: 'violations',
    summary: summaryOf([...ALL, ...MORE]),
    requirements: [...ALL, ...MORE],
    observations: [{ id: 'SX-I02', text: 'listening came 800 ms after start' }],
    sessions: SESSIONS,
    notes: ['the budget of 120 s of audio was reached', 'one connection was tried twice'],
  },
};

/** A run in which everything passes. */
export const ALL_GREEN: Sample = {
  plays: [FLUSHED],
  report: {
    ...SHARED,
    subject: { kind: 'server', dialect: 'reson8', target: 'wss://api.example.com' },
    profile: 'quick',
    outcome: 'conforming',
    requirements: ['R8-TR-001', 'R8-FL-002', 'R8-FL-003', 'TR-002'].map((id, i) => ({
      id,
      level: 'MUST',
      side: 'server',
      verdict: 'pass',
      exercised: i + 1,
      reading: null,
      source: [{ document: 'S4', line: 100 + i }],
      statement: `statement number ${i}`,
    })),
    summary: { pass: 4, fail: 0, warn: 0, notExercised: 0, notApplicable: 0, inconclusive: 0, excused: 0 },
    observations: [],
    sessions: SESSIONS.slice(2, 3),
    notes: [],
  },
};

/** The same run with another outcome. */
export function withOutcome({ report, plays }: Sample, outcome: Report['outcome']): Sample {
  return { report: { ...report, outcome }, plays };
}
