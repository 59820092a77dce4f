import { describe, expect, it } from 'vitest';
import { judgeTrace } from '../../../src/conformance/judge-trace.ts';
import type { TraceEvent, TraceFact } from '../../../src/wire/trace.ts';
import { at, audio, close, context, events, heard, request, response, said, SPEECH } from '../play.ts';

const START = said({ action: 'start' });
const LOADING = heard({ state: 'loading' });
const LISTENING = heard({ state: 'listening', session_id: 'abc' });

const partial = (text: string) => heard({ partial: text });
/** Words of 250 ms, one every 300 ms from this time on. */
const final = (text: string, startMs: number, more: object = {}) =>
  heard({
    result: text.split(' ').map((word, i) => [word, startMs + i * 300, startMs + i * 300 + 250, 0.9]),
    text,
    ...more,
  });

/** A microphone connection in an edition. */
function opened(
  edition: string,
  path: string,
  ...facts: readonly (TraceFact & { readonly afterMs?: number })[]
): readonly TraceEvent[] {
  return events([
    context({ edition, dialect: 'scriptix', credential: 'valid' }),
    request(`${path}?token=redacted-1&type=fast`, { upgrade: 'websocket' }),
    response(101),
    ...facts,
    close('client'),
    close('server'),
    { kind: 'end', how: 'close', code: 1000 },
  ]);
}

function inSecond(each: TraceEvent): TraceEvent {
  return { ...each, session: 's2' };
}

/** The findings by id. */
function found(trace: readonly TraceEvent[], side: 'server' | 'client' = 'server') {
  const { report } = judgeTrace(trace, { side });
  const of = (verdict: string) => report.requirements.filter((each) => each.verdict === verdict);
  return {
    broken: [...of('fail'), ...of('warn')].map(({ id }) => id),
    reasons: new Map(of('not-applicable').map(({ id, reason = '' }) => [id, reason])),
    passed: of('pass').map(({ id }) => id),
    ids: report.requirements.map(({ id }) => id),
    causes: report.causes ?? [],
  };
}

const TALK = [
  SPEECH,
  ...Array.from({ length: 20 }, () => at(100, audio(100))),
  partial('good'),
  partial('good morning'),
  final('good morning', 0),
  ...Array.from({ length: 20 }, () => at(100, audio(100))),
  partial('please'),
  final('please come in', 2300, { speaker: 'Speaker 1' }),
];

describe('the edition examples', () => {
  it('has listening first, and requirements about loading are not applicable', () => {
    const { broken, reasons, passed } = found(opened('examples', '/v2/realtime', START, LISTENING));

    expect(broken).toEqual([]);
    expect(passed).toEqual(expect.arrayContaining(['SX-STATE-008', 'SX-STATE-009']));
    expect(reasons.get('SX-STATE-004')).toBe(
      'not in the edition examples: listening comes first there, and nothing is said before it (it holds until documents)',
    );
  });

  it('is broken by loading, which is reported once with its reason', () => {
    // The second start comes long after the opening, and loading still comes after it.
    const { broken, causes } = found([
      ...opened('examples', '/v2/realtime', START, LOADING, LISTENING),
      ...opened('examples', '/v2/realtime', at(1200, START), LOADING, LISTENING).map(inSecond),
    ]);

    expect(broken).toEqual(['SX-STATE-008']);
    expect(causes).toEqual([
      'This looks like the edition documents of scriptix (it says loading first), and it was judged by examples: try --edition scriptix=documents (editions in the library).',
    ]);
  });

  it('leaves undecided whether loading came before the start if it arrives next to it', () => {
    const verdict = (...facts: Parameters<typeof opened>[2][]) => {
      const { report } = judgeTrace(opened('examples', '/v2/realtime', START, ...facts), { side: 'server' });
      return report.requirements.find(({ id }) => id === 'SX-STATE-008')?.verdict;
    };
    // The server may send it to every client that connects.
    expect(verdict(LOADING, LISTENING)).toBe('inconclusive');
    expect(verdict(LOADING)).toBe('inconclusive');
    expect(verdict(LOADING, heard({ partial: 'good' }))).toBe('fail');
    expect(verdict(at(1000, LOADING), LISTENING)).toBe('fail');

    const { passed } = found([
      ...opened('examples', '/v2/realtime', LOADING, START, LISTENING),
      ...opened('examples', '/v2/realtime', LOADING, at(1200, START), LISTENING).map(inSecond),
    ]);
    expect(passed).toContain('SX-STATE-008');
  });

  it('requires a session_id that names the session, and accepts an error as an answer', () => {
    const broken = (first: unknown) => found(opened('examples', '/v2/realtime', START, heard(first))).broken;
    for (const id of ['', 5, null]) {
      expect(broken({ state: 'listening', session_id: id })).toEqual(['SX-STATE-009']);
    }

    expect(broken({ error: 'no room' })).toEqual([]);
    expect(broken({ partial: 'good' })).toContain('SX-STATE-008');
  });

  it('has a shorter path and a key in the start command, for clients, too', () => {
    const WITH_KEY = said({ action: 'start', key: 'redacted-1' });
    const short = found(opened('examples', '/realtime', START, LISTENING), 'client');
    expect(short.broken).toEqual([]);
    expect(short.passed).toContain('SX-CONN-004');

    const keyed = (edition: string) =>
      found(
        events([
          context({ edition, dialect: 'scriptix' }),
          request('/v2/realtime?type=fast', { upgrade: 'websocket' }),
          ...[response(101), WITH_KEY, LISTENING, close('client')],
        ]),
        'client',
      );
    expect(keyed('examples').passed).toContain('SX-CONN-004');
    expect(keyed('documents').broken).toContain('SX-CONN-004');
  });

  it('requires a server to serve the shorter path', () => {
    const refused = (edition: string) =>
      found([
        ...opened(edition, '/v2/realtime', START, LISTENING).map((each) => ({ ...each, session: 's2' })),
        ...events([
          context({ edition, dialect: 'scriptix', credential: 'valid' }),
          request('/realtime?token=redacted-1&type=fast', { upgrade: 'websocket' }),
          response(404),
        ]),
      ]);

    expect(refused('examples').broken).toEqual(['SX-CONN-022']);
    expect(refused('documents').ids).not.toContain('SX-CONN-022');
  });
});

describe('the edition documents', () => {
  it('has no requirements of later editions', () => {
    const { ids, broken } = found(opened('documents', '/v2/realtime', START, LOADING, LISTENING));

    expect(broken).toEqual([]);
    expect(ids).toContain('SX-STATE-004');

    for (const id of ['SX-STATE-008', 'SX-STATE-009', 'SX-CONN-022']) expect(ids).not.toContain(id);
  });

  it('is not kept by a server with results of another shape, which is reported once with its reason', () => {
    const { causes } = found(opened('documents', '/v2/realtime', START, LISTENING, ...TALK));
    expect(causes).toEqual([
      'This looks like the edition kaldi of scriptix (its results are partial and result), and it was judged by documents: try --edition scriptix=kaldi (editions in the library).',
    ]);
  });
});

describe('the edition kaldi', () => {
  const kaldi = (...facts: readonly (TraceFact & { readonly afterMs?: number })[]) =>
    found(opened('kaldi', '/v2/realtime', START, LISTENING, ...facts));

  it('has results of another shape, which are judged like those of the documents', () => {
    const { broken, passed, reasons, causes } = kaldi(...TALK);

    expect({ broken, causes }).toEqual({ broken: [], causes: [] });
    expect(passed).toEqual(
      expect.arrayContaining([
        ...['SX-MSG-001', 'SX-MSG-002', 'SX-PART-001', 'SX-PART-006', 'SX-PART-008', 'SX-MIC-007'],
        ...['SX-FIN-001', 'SX-FIN-004', 'SX-FIN-005', 'SX-FIN-006', 'SX-FIN-009', 'SX-FIN-010'],
        ...['SX-FIN-014', 'SX-FIN-015', 'SX-FIN-016', 'SX-FIN-019'],
      ]),
    );

    for (const id of ['SX-PART-002', 'SX-PART-003', 'SX-PART-004', 'SX-FIN-002', 'SX-FIN-003']) {
      expect(reasons.get(id), id).toMatch(/^not in the edition kaldi: its results .*until examples\)$/);
    }
  });

  const AUDIO = [SPEECH, ...Array.from({ length: 40 }, () => at(100, audio(100)))];
  it.each<[string, readonly TraceFact[], readonly string[]]>([
    ['a partial that is a number', [partial('a'), heard({ partial: 5 })], ['SX-PART-001']],
    ['a blank partial', [partial('a'), partial(' ')], ['SX-PART-006']],
    ['a final without partials', [final('good morning', 0)], ['SX-PART-008']],
    ['a final without words', [partial('good'), heard({ text: 'good' })], ['SX-FIN-004']],
    ['words of three elements', [partial('a'), heard({ result: [['a', 0, 90]], text: 'a' })], ['SX-FIN-005']],
    [
      'words that overlap',
      [
        partial('a'),
        heard({
          result: [
            ['a', 0, 900, 0.9],
            ['b', 100, 990, 0.9],
          ],
          text: 'a b',
        }),
      ],
      ['SX-FIN-009'],
    ],
    [
      'words that are not the text',
      [
        partial('a'),
        heard({
          result: [
            ['b', 0, 90, 0.9],
            ['c', 100, 190, 0.9],
          ],
          text: 'd e f',
        }),
      ],
      ['SX-FIN-010'],
    ],
    ['a final again', [partial('a b'), final('a b', 0), final('a b', 0)], ['SX-FIN-016']],
    [
      'a final with another text',
      [partial('a b'), final('a b', 0), partial('x'), final('c d', 0)],
      ['SX-FIN-014'],
    ],
    [
      'finals in the wrong order',
      [partial('a'), final('a b', 2000), partial('c'), final('c d', 100)],
      ['SX-PART-010'],
    ],
    ['a speaker that is a number', [partial('a'), final('a b', 0, { speaker: 1 })], ['SX-FIN-019']],
    ['a partial and a final in one', [heard({ partial: 'a', result: [], text: 'a' })], ['SX-MSG-002']],
    ['words beyond the audio', [partial('a'), final('a b', 60_000)], ['SX-FIN-012']],
  ])('is broken by %s', (_what, facts, ids) => {
    expect(kaldi(...AUDIO, ...facts).broken).toEqual(ids);
  });

  it('is not kept by a server of the edition documents, which is reported once with its reason', () => {
    const flagged = [
      heard({ text: 'good', is_final: false, offset_ms: 0, stability: 0.5 }),
      heard({ text: 'good', is_final: true, offset_ms: 0, words: [['good', 0, 250, 0.9]] }),
    ];
    const { broken, causes } = kaldi(...AUDIO, ...flagged);

    expect(broken).toEqual(['SX-MSG-002']);
    expect(causes).toEqual([
      'This looks like the edition examples of scriptix (its results have is_final), and it was judged by kaldi: try --edition scriptix=examples (editions in the library).',
    ]);
  });
});

it('a trace of two editions is judged session by session', () => {
  const both = [
    ...opened('examples', '/v2/realtime', START, LISTENING),
    ...opened('documents', '/v2/realtime', START, LOADING, LISTENING).map((each) => ({
      ...each,
      session: 's2',
    })),
  ];
  const { broken, passed, causes } = found(both);

  expect({ broken, causes }).toEqual({ broken: [], causes: [] });
  expect(passed).toEqual(expect.arrayContaining(['SX-STATE-004', 'SX-STATE-008']));
});
