import { describe, expect, it } from 'vitest';
import type { TraceEvent, TraceFact } from '../../../../src/wire/trace.ts';
import { judge, play } from '../../play.ts';

/*
 * Parallel sessions used to send the same recording, so a server that mixed them up sent each the right
 * words, and a stale partial after a reconnect fitted the audio again.
 */

const ONE = 'good morning you have an appointment';
const TWO = 'the ship left port at dawn';

type Sends = 'one' | 'two' | 'silence' | 'unknown';

interface Dialect {
  readonly id: string;
  readonly path: string;
  readonly result: (text: string) => unknown;
}

const DIALECTS: readonly Dialect[] = [
  {
    id: 'R8-ISO-001',
    path: '/v1/speech-to-text/realtime?encoding=pcm_s16le',
    result: (text) => ({ type: 'transcript', text }),
  },
  {
    id: 'SX-ISO-001',
    path: '/transcription/microphone?type=fast&token=t',
    result: (text) => ({ text, is_final: false, offset_ms: 0, stability: 0.5 }),
  },
];

describe.each(DIALECTS)('$id', ({ id, path, result }) => {
  const dialect = id.startsWith('R8') ? 'reson8' : 'scriptix';
  const before = (sends: Sends, ms: number): readonly TraceFact[] => [
    { kind: 'context', about: { dialect } },
    { kind: 'request', method: 'GET', target: path, headers: {} },
    { kind: 'response', status: 101, headers: {} },
    {
      kind: 'context',
      about: {
        audio: {
          bytesPerMs: 32,
          content: sends === 'silence' || sends === 'unknown' ? sends : 'speech',
          ...(sends === 'one' || sends === 'two' ? { recording: sends } : {}),
        },
      },
    },
    { kind: 'binary', from: 'client', byteCount: 32 * ms },
  ];
  const hears = (...texts: readonly string[]): readonly TraceFact[] =>
    texts.map((text) => ({ kind: 'text', from: 'server', text: JSON.stringify(result(text)) }));
  const LEAVES: readonly TraceFact[] = [
    { kind: 'close', from: 'client', code: 1000, reason: '' },
    { kind: 'end', by: 'client', how: 'close', code: 1000 },
  ];
  let number = 0;
  const named = (facts: readonly TraceFact[]): readonly TraceEvent[] => {
    number += 1;
    return facts.map((fact) => ({ session: `s${number}`, atMs: 0, ...fact }));
  };
  const session = (sends: Sends, texts: readonly string[], ms = 3000) =>
    named([...before(sends, ms), ...hears(...texts), ...LEAVES]);
  /** Sessions whose events alternate. */
  const atOnce = (...sessions: readonly (readonly TraceEvent[])[]) =>
    Array.from({ length: Math.max(...sessions.map(({ length }) => length)) }, (_, i) =>
      sessions.flatMap((events) => events[i] ?? []),
    ).flat();
  const seen = (...parts: readonly (readonly TraceEvent[])[]) => judge(id, play(parts.flat()));
  const outcomesOf = (...parts: readonly (readonly TraceEvent[])[]) =>
    seen(...parts).map(({ outcome }) => outcome);
  const controls = () => [...session('one', [ONE]), ...session('two', [TWO])];

  it('is held by sessions that get their own words, and by a silent one that gets none', () => {
    const parallel = atOnce(session('one', [ONE]), session('two', [TWO]), session('silence', []));
    expect(outcomesOf(controls(), parallel)).toEqual(['held', 'held', 'held']);
  });

  it('names the words that came from another session', () => {
    const swapped = atOnce(session('one', [TWO]), session('two', [ONE]), session('silence', []));
    const occasions = seen(controls(), swapped);

    expect(occasions.map(({ outcome }) => outcome)).toEqual(['broken', 'broken', 'held']);
    expect(occasions[0]?.actual).toBe(`"${TWO}", words of two, which was sent in another session`);
    expect(occasions[0]?.blames).toHaveLength(1);
  });

  it('is broken by a few foreign words among many of its own', () => {
    const leaking = session('one', ['good morning', 'good morning ship left port', ONE]);
    expect(seen(controls(), atOnce(leaking, session('two', [TWO])))[0]).toMatchObject({
      outcome: 'broken',
      actual: expect.stringContaining('"ship left port"') as string,
    });
  });

  it('is broken by the words of an earlier session in the silence after it', () => {
    const left = named([...before('one', 2000), { kind: 'end', by: 'client', how: 'reset', code: 1006 }]);
    const silent = (...texts: readonly string[]) => session('silence', texts);

    expect(outcomesOf(left, silent('good morning you have'), session('one', [ONE]))).toEqual(['broken']);
    expect(outcomesOf(left, silent(), session('one', [ONE]))).toEqual(['held']);
    expect(outcomesOf(left, silent('hm'), session('one', [ONE]))).toEqual(['unclear']);
  });

  it.each<readonly [string, readonly string[], string]>([
    ['one word that is wrong', ['good mourning you have an appointment'], 'held'],
    ['two words of the other session', ['good morning you left port'], 'held'],
    ['most words wrong', ['wood warning ewe have and a pointed mint'], 'unclear'],
    ['no words', [], 'unclear'],
  ])('does not accuse a server of recognition errors: %s', (_what, texts, expected) => {
    const [first] = outcomesOf(controls(), atOnce(session('one', texts), session('two', [TWO])));
    expect(first).toBe(expected);
  });

  it('is not decided where no control covers the audio that was sent', () => {
    const longer = atOnce(session('one', [TWO], 4000), session('two', [TWO]));

    expect(outcomesOf(controls(), longer)[0]).toBe('unclear');
    expect(outcomesOf(controls(), atOnce(session('unknown', [TWO]), session('two', [TWO])))[0]).toBe(
      'unclear',
    );
  });

  it('is not broken by words that no session had sent yet', () => {
    expect(outcomesOf(session('silence', [TWO]), controls())).toEqual([]);
  });

  it('is not exercised by sessions with the same recording', () => {
    expect(outcomesOf(session('one', [ONE]), session('one', [TWO]))).toEqual([]);
  });
});

/*
 * A stream session sends no audio, as its server fetches it. This was taken for silence, so a server was accused
 * of every word that it recognised in a stream of a recording that a microphone in the same trace had sent.
 */
describe('SX-ISO-001 for a stream', () => {
  const result = (text: string): TraceFact => ({
    kind: 'text',
    from: 'server',
    text: JSON.stringify({ text, is_final: false, offset_ms: 0, stability: 0.5 }),
  });
  const opening = (dialect: 'scriptix' | 'scriptix-stream', target: string): readonly TraceFact[] => [
    { kind: 'context', about: { dialect } },
    { kind: 'request', method: 'GET', target, headers: {} },
    { kind: 'response', status: 101, headers: {} },
  ];
  const session = (name: string, ...facts: readonly TraceFact[]): readonly TraceEvent[] =>
    [...facts, { kind: 'close', from: 'client', code: 1000, reason: '' } as const].map((fact) => ({
      session: name,
      atMs: 0,
      ...fact,
    }));
  const microphone = session(
    'm',
    ...opening('scriptix', '/v2/realtime?token=t'),
    { kind: 'context', about: { audio: { bytesPerMs: 32, content: 'speech', recording: 'one' } } },
    { kind: 'binary', from: 'client', byteCount: 96_000 },
    result(ONE),
  );
  const stream = session('s', ...opening('scriptix-stream', '/v2/client/t'), result(ONE));

  it('does not accuse a server of the words in the audio that it fetched', () => {
    const outcomes = judge('SX-ISO-001', play([...microphone, ...stream])).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['unclear']);
  });
});

/*
 * All streams of a run used to have the same recording, so a server that gave one stream the results of another gave
 * it the right words. Recordings that are fetched have names now; only the server knows how much of them it heard.
 */
describe('SX-ISO-001 for simultaneous streams', () => {
  const DUTCH = 'goedemorgen u heeft morgen een afspraak';
  const MS = 3000;
  type Part = 'en' | 'nl';
  type Ending = 'over' | 'left' | 'failed' | 'broken';
  let number = 0;
  const session = (fetched: Part, texts: readonly string[], ending: Ending = 'over', ms = MS) => {
    number += 1;
    const close = (from: 'client' | 'server', code: number): TraceFact => ({
      kind: 'close',
      from,
      code,
      reason: '',
    });
    const says = (fields: unknown): TraceFact => ({
      kind: 'text',
      from: 'server',
      text: JSON.stringify(fields),
    });
    const facts: readonly TraceFact[] = [
      { kind: 'context', about: { dialect: 'scriptix-stream', fetched: { recording: fetched, ms } } },
      { kind: 'request', method: 'GET', target: '/v2/client/t?url=u', headers: {} },
      { kind: 'response', status: 101, headers: {} },
      ...texts.map((text) => says({ text, is_final: false, offset_ms: 0, stability: 0.5 })),
      ...(ending === 'failed' ? [says({ error: 'cannot be read' })] : []),
      ...(ending === 'left' ? [close('client', 1000)] : []),
      close('server', ending === 'broken' ? 1011 : 1000),
      { kind: 'end', by: 'server', how: 'close', code: 1000 },
    ];
    return facts.map((fact): TraceEvent => ({ session: `s${number}`, atMs: 0, ...fact }));
  };
  const atOnce = (...sessions: readonly (readonly TraceEvent[])[]) =>
    Array.from({ length: Math.max(...sessions.map(({ length }) => length)) }, (_, i) =>
      sessions.flatMap((events) => events[i] ?? []),
    ).flat();
  const seen = (...parts: readonly (readonly TraceEvent[])[]) => judge('SX-ISO-001', play(parts.flat()));
  const outcomesOf = (...parts: readonly (readonly TraceEvent[])[]) =>
    seen(...parts).map(({ outcome }) => outcome);
  const controls = () => [...session('en', [ONE]), ...session('nl', [DUTCH])];

  it('is held by streams that get their own words', () => {
    expect(outcomesOf(controls(), atOnce(session('en', [ONE]), session('nl', [DUTCH])))).toEqual([
      'held',
      'held',
    ]);
  });

  it('names the words of another stream', () => {
    const [first, second] = seen(controls(), atOnce(session('en', [ONE]), session('nl', [ONE])));

    expect(first?.outcome).toBe('held');
    expect(second).toMatchObject({
      outcome: 'broken',
      expected: 'results of nl only',
      actual: `"${ONE}", words of en, which was fetched in another session`,
    });
    expect(second?.blames).toHaveLength(1);
  });

  it('is also broken in a stream whose client leaves, as the words that it got were never its own', () => {
    expect(outcomesOf(controls(), atOnce(session('en', [ONE]), session('nl', [ONE], 'left')))).toEqual([
      'held',
      'broken',
    ]);
  });

  it.each<readonly [string, readonly string[], Ending, number]>([
    ['was left by its client', [DUTCH], 'left', MS],
    ['failed', [DUTCH], 'failed', MS],
    ['was broken off', [DUTCH], 'broken', MS],
    ['had no words', [], 'over', MS],
    ['was shorter', [DUTCH], 'over', MS - 1],
  ])('is not decided where the stream that was alone %s', (_what, texts, ending, ms) => {
    const alone = session('nl', texts, ending, ms);
    const mixed = atOnce(session('en', [ONE]), session('nl', [ONE]));
    expect(outcomesOf(session('en', [ONE]), alone, mixed)).not.toContain('broken');
  });

  it.each<readonly [string, readonly string[], readonly string[], string]>([
    ['other words each time', ['hallo daar'], ['goede morgen heden'], 'unclear'],
    ['two words of the other stream', [DUTCH], ['morgen een afspraak good morning'], 'held'],
    ['no words beside another stream', [DUTCH], [], 'unclear'],
    ['the words of the other stream, even when it is alone', [ONE], [ONE], 'unclear'],
  ])('does not accuse a server of recognition errors: %s', (_what, alone, beside, expected) => {
    const all = [...session('en', [ONE]), ...session('nl', alone)];
    const outcomes = outcomesOf(all, atOnce(session('en', [ONE]), session('nl', beside)));

    expect(outcomes).not.toContain('broken');
    expect(outcomes.at(-1)).toBe(expected);
  });

  it('is not decided by words that are in both recordings', () => {
    const both = 'doctor jansen';
    const all = [...session('en', [both]), ...session('nl', [both])];
    const occasions = seen(all, atOnce(session('en', [both]), session('nl', [both])));

    expect(occasions.map(({ outcome }) => outcome)).toEqual(['unclear', 'unclear']);
    expect(occasions[0]?.actual).toBe(
      '"doctor jansen": 2 of these 2 words came when this recording was sent alone, and all of these in nl, too',
    );
  });

  it('does not accuse a server of the words that a microphone sent under another name', () => {
    const microphone: readonly TraceEvent[] = [
      { kind: 'context', about: { dialect: 'scriptix' } } as const,
      { kind: 'request', method: 'GET', target: '/v2/realtime?token=t', headers: {} } as const,
      { kind: 'response', status: 101, headers: {} } as const,
      { kind: 'context', about: { audio: { bytesPerMs: 32, content: 'speech', recording: 'w' } } } as const,
      { kind: 'binary', from: 'client', byteCount: 96_000 } as const,
      {
        kind: 'text',
        from: 'server',
        text: JSON.stringify({ text: ONE, is_final: false, offset_ms: 0, stability: 0.5 }),
      } as const,
      { kind: 'close', from: 'client', code: 1000, reason: '' } as const,
    ].map((fact) => ({ session: 'm', atMs: 0, ...fact }));
    const outcomes = outcomesOf(
      microphone,
      session('en', ['wood warning ewe']),
      session('en', ['wood warning ewe']),
      session('en', [ONE]),
    );

    expect(outcomes).toContain('unclear');
    expect(outcomes).not.toContain('broken');
  });
});
