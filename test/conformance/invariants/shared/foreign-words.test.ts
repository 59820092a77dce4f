import { describe, expect, it } from 'vitest';
import type { TraceEvent, TraceFact } from '../../../../src/wire/trace.ts';
import { judge, play } from '../../play.ts';

/*
 * Parallel sessions used to send one and the same recording, so that a server that mixed them up sent each the right
 * words, and a stale partial after a reconnect met the audio that it was made of.
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
  /** Whose events alternate. */
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

  it('shows the words that came from another session', () => {
    const swapped = atOnce(session('one', [TWO]), session('two', [ONE]), session('silence', []));
    const occasions = seen(controls(), swapped);
    expect(occasions.map(({ outcome }) => outcome)).toEqual(['broken', 'broken', 'held']);
    expect(occasions[0]?.actual).toBe(`"${TWO}", words of two, which was sent in another session`);
    expect(occasions[0]?.blames).toHaveLength(1);
  });

  it('sees a few words among many of its own', () => {
    const leaking = session('one', ['good morning', 'good morning ship left port', ONE]);
    expect(seen(controls(), atOnce(leaking, session('two', [TWO])))[0]).toMatchObject({
      outcome: 'broken',
      actual: expect.stringContaining('"ship left port"') as string,
    });
  });

  it('sees what a former session said, in the silence after it', () => {
    const left = named([...before('one', 2000), { kind: 'end', by: 'client', how: 'reset', code: 1006 }]);
    const silent = (...texts: readonly string[]) => session('silence', texts);
    expect(outcomesOf(left, silent('good morning you have'), session('one', [ONE]))).toEqual(['broken']);
    expect(outcomesOf(left, silent(), session('one', [ONE]))).toEqual(['held']);
    expect(outcomesOf(left, silent('hm'), session('one', [ONE]))).toEqual(['unclear']);
  });

  it.each<readonly [string, readonly string[], string]>([
    ['one word that is wrong', ['good mourning you have an appointment'], 'held'],
    ['two words of the other', ['good morning you left port'], 'held'],
    ['most words wrong', ['wood warning ewe have and a pointed mint'], 'unclear'],
    ['no words', [], 'unclear'],
  ])('accuses no recogniser that errs: %s', (_what, texts, expected) => {
    const [first] = outcomesOf(controls(), atOnce(session('one', texts), session('two', [TWO])));
    expect(first).toBe(expected);
  });

  it('does not decide where no control covers what was sent', () => {
    const longer = atOnce(session('one', [TWO], 4000), session('two', [TWO]));
    expect(outcomesOf(controls(), longer)[0]).toBe('unclear');
    expect(outcomesOf(controls(), atOnce(session('unknown', [TWO]), session('two', [TWO])))[0]).toBe(
      'unclear',
    );
  });

  it('does not take words that nobody had sent yet for theirs', () => {
    expect(outcomesOf(session('silence', [TWO]), controls())).toEqual([]);
  });

  it('says nothing of sessions with the same recording', () => {
    expect(outcomesOf(session('one', [ONE]), session('one', [TWO]))).toEqual([]);
  });
});

/*
 * A stream session sends no audio, as its server fetches it. That was taken for silence, so that a server was accused
 * of every word that it heard in a stream of a recording that a microphone in the same trace had sent.
 */
describe('SX-ISO-001 of a stream', () => {
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

  it('accuses no server of the words of the audio that it fetched', () => {
    const outcomes = judge('SX-ISO-001', play([...microphone, ...stream])).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['unclear']);
  });
});
