import { DEFAULT_EDITIONS } from '../../../src/protocol/editions.ts';
import type { SocketDialect } from '../../../src/protocol/dialects.ts';
import { describe, expect, it } from 'vitest';
import { sniffingEar } from '../../../src/audio/ear.ts';
import { RAW_DEFAULT } from '../../../src/audio/format.ts';
import { step } from '../../../src/mock-server/engine/step.ts';
import { newSession } from '../../../src/mock-server/engine/state.ts';
import type { Effect, Input } from '../../../src/mock-server/engine/messages.ts';
import { happyPath } from '../../../src/scenario/happy-path.ts';
import type { ServerScript } from '../../../src/scenario/script.ts';

function script(dialect: SocketDialect): ServerScript {
  return {
    steps: happyPath(dialect, DEFAULT_EDITIONS),
    voice: (_onset, index) => ({ kind: 'paced', text: `w${index}`, spokenMs: 300, confidence: 0.9 }),
    speakers: 0,
    seed: 1,
  };
}

/** A loud tone, which counts as speech because of its energy. */
function tone(ms: number): Uint8Array {
  const samples = Int16Array.from({ length: ms * 16 }, (_, i) => 8000 * Math.sin(i / 5));
  return new Uint8Array(samples.buffer);
}

const audio = (ms: number): Input => ({ kind: 'audio', bytes: tone(ms) });
const pcm = (ms: number): Input => ({
  kind: 'source',
  chunk: { kind: 'pcm', format: RAW_DEFAULT, bytes: tone(ms), durationMs: ms },
});

function summary(effect: Effect): string {
  if (effect.kind === 'close') return `close${effect.problem === undefined ? '' : ` (${effect.problem})`}`;
  if (effect.kind !== 'say') return effect.kind;
  const { say } = effect;
  switch (say.kind) {
    case 'state':
      return say.state;
    case 'flushed':
      return `flushed ${say.id}`;
    case 'error':
      return `error: ${say.message}`;
    default:
      return say.kind;
  }
}

/** What a session does for inputs at these times. */
function live(dialect: SocketDialect, inputs: readonly (readonly [number, Input])[]): string[] {
  let state = newSession(sniffingEar(RAW_DEFAULT));
  const done: string[] = [];
  for (const [nowMs, input] of [[0, { kind: 'open' }] as const, ...inputs]) {
    const outcome = step(script(dialect), state, input, nowMs);
    state = outcome.state;
    done.push(...outcome.effects.map(summary));
  }
  return done;
}

describe('a microphone session', () => {
  it('lives from start to stop', () => {
    const said = live('scriptix', [
      [1, { kind: 'start' }],
      [2, audio(300)],
      [3, { kind: 'stop' }],
    ]);
    expect(said).toEqual(['loading', 'listening', 'partial', 'final', 'stopped', 'close']);
  });

  it.each<[string, readonly (readonly [number, Input])[], RegExp]>([
    ['audio before start', [[1, audio(20)]], /^error: Audio before the start/],
    ['stop before start', [[1, { kind: 'stop' }]], /^error: Stop before start/],
    [
      'a second start',
      [
        [1, { kind: 'start' }],
        [2, { kind: 'start' }],
      ],
      /^error: Already started/,
    ],
    ['something unreadable', [[1, { kind: 'unreadable', message: 'nonsense' }]], /^error: nonsense/],
    ['no start for 15 s', [[15_000, { kind: 'tick' }]], /^error: .*15 seconds/],
    [
      'no audio for a minute',
      [
        [1, { kind: 'start' }],
        [60_001, { kind: 'tick' }],
      ],
      /^error: .*60 seconds/,
    ],
  ])('answers %s with an error and a close, and nothing afterwards', (_what, inputs, error) => {
    const said = live('scriptix', [...inputs, [70_000, { kind: 'start' }], [70_001, audio(1000)]]);

    expect(said.at(-2)).toMatch(error);
    expect(said.at(-1)).toMatch(/^close \(/);
    expect(said.filter((what) => what.startsWith('close'))).toHaveLength(1);
  });

  it('is not ended by an early tick', () => {
    expect(live('scriptix', [[14_999, { kind: 'tick' }]])).toEqual([]);

    const said = live('scriptix', [
      [1, { kind: 'start' }],
      [50_000, audio(20)],
      [60_001, { kind: 'tick' }],
    ]);
    expect(said).toEqual(['loading', 'listening']);
  });

  it('sends what it heard before it gives up on a silent client', () => {
    const said = live('scriptix', [
      [1, { kind: 'start' }],
      [2, audio(300)],
      [60_002, { kind: 'tick' }],
    ]);
    expect(said.slice(2)).toEqual(['partial', 'final', expect.stringMatching(/^error/), 'close (timeout)']);
  });
});

describe('a stream session', () => {
  it('says listening when its source plays, and ends with it', () => {
    const said = live('scriptix-stream', [
      [1, pcm(100)],
      [2, pcm(200)],
      [3, { kind: 'source-end' }],
    ]);
    expect(said).toEqual(['loading', 'listening', 'partial', 'final', 'close']);
  });

  it('counts audio that cannot be decoded as speech', () => {
    const said = live('scriptix-stream', [
      [1, { kind: 'source', chunk: { kind: 'undecoded', durationMs: 400 } }],
    ]);
    expect(said).toEqual(['loading', 'listening', 'partial', 'partial']);
  });

  it.each<[string, number, Input, string]>([
    ['fails', 1, { kind: 'source-failed', problem: 'source', message: 'no' }, 'error: no'],
    ['is empty', 1, { kind: 'source-end' }, 'error: Invalid stream: it ended before any audio came'],
    [
      'says nothing for 15 s',
      15_000,
      { kind: 'tick' },
      'error: Connection timeout: the stream gave no audio within 15 seconds',
    ],
  ])('answers with an error when the source %s', (_what, nowMs, input, error) => {
    expect(live('scriptix-stream', [[nowMs, input]]).slice(1, 2)).toEqual([error]);
  });
});

describe('a Reson8 session', () => {
  it('answers a flush with what it heard and a confirmation, and continues', () => {
    const said = live('reson8', [
      [1, { kind: 'flush', id: null }],
      [2, audio(300)],
      [3, { kind: 'flush', id: 'a' }],
      [4, { kind: 'flush', id: 'b' }],
      [5, audio(300)],
      [6, { kind: 'flush', id: 'c' }],
    ]);

    expect(said).toEqual([
      'flushed null',
      'partial',
      'final',
      'flushed a',
      'flushed b',
      'partial',
      'final',
      'flushed c',
    ]);
  });
});
