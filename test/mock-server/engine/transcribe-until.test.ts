import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { step } from '../../../src/mock-server/engine/step.ts';
import { newSession } from '../../../src/mock-server/engine/state.ts';
import type { Input } from '../../../src/mock-server/engine/messages.ts';
import { sniffingEar } from '../../../src/audio/ear.ts';
import { RAW_DEFAULT } from '../../../src/audio/format.ts';
import type { Step, Until } from '../../../src/scenario/script.ts';
import { expectSame } from '../../support/same.ts';
import { compile } from '../../support/scenarios/scenario.ts';
import {
  audioInputs,
  audioOf,
  cut,
  deepFreeze,
  describeSay,
  frameLengths,
  play,
  saysOf,
  scriptOf,
  turnsMs,
  type Timed,
} from '../../support/engine.ts';

const MARK: Step = { kind: 'say', say: { kind: 'state', state: 'mark' } };
const transcribe = (until?: Until): Step => ({
  kind: 'transcribe',
  idleMs: 60_000,
  ...(until === undefined ? {} : { until }),
});
const STOP: Timed<Input> = [2, { kind: 'stop' }];
const said = (steps: readonly Step[], inputs: readonly Timed<Input>[]) =>
  saysOf(play(scriptOf(steps), inputs).effects).map(describeSay);
const audio = (...turns: readonly number[]) => audioInputs([audioOf(turns)]);
const places = (all: readonly string[]) => all.flatMap((what, i) => (what === 'state mark' ? [i] : []));

describe('a step of recognition ends', () => {
  it.each<[string, Until, readonly Timed<Input>[], number]>([
    ['after this much audio', { audioMs: 500 }, audio(1000), 2],
    ['after this much speech', { speechMs: 600 }, audio(300, 400, 1000), 3],
    ['after this many bytes', { bytes: 6400 }, audio(1000), 1],
    ['after this many frames', { frames: 2 }, audioInputs(cut(audioOf([1000]), [9600])), 3],
    ['after this many partials', { partials: 3 }, audio(2000), 3],
    ['after this many finals', { finals: 1 }, audio(500, 900, 500), 3],
    ['with the first of several', { finals: 9, partials: 1 }, audio(2000), 1],
    [
      'after this many flushes',
      { flushes: 2 },
      [
        [1, { kind: 'flush', id: 'a' }],
        [1, { kind: 'flush', id: 'b' }],
      ],
      2,
    ],
    [
      'after so much time, whatever is heard',
      { timeMs: 500 },
      [
        [1, { kind: 'audio', bytes: audioOf([300]) }],
        [500, { kind: 'tick' }],
      ],
      1,
    ],
    [
      'when nothing was heard for this long',
      { idleMs: 500 },
      [
        [400, { kind: 'audio', bytes: audioOf([300]) }],
        [900, { kind: 'tick' }],
      ],
      1,
    ],
  ])('%s', (_what, until, inputs, resultsBefore) => {
    const all = said([transcribe(until), MARK, transcribe()], inputs);
    expect(places(all)).toEqual([resultsBefore]);
  });

  it('after exactly this many bytes, wherever frames end', () => {
    // The second partial comes with byte 12 800.
    for (const lengths of [[20_000], [127], [1], [160], [12_700]]) {
      const inputs = audioInputs(cut(audioOf([1000]), lengths));
      expect(places(said([transcribe({ bytes: 12_700 }), MARK, transcribe()], inputs))).toEqual([1]);
      expect(places(said([transcribe({ bytes: 12_800 }), MARK, transcribe()], inputs))).toEqual([2]);
    }
  });

  it('at the given moment and not before', () => {
    const early: readonly [Until, readonly Timed<Input>[]][] = [
      [{ audioMs: 400 }, audio(380)],
      [{ bytes: 6400 }, audioInputs([audioOf([200]).subarray(1)])],
      [{ timeMs: 500 }, [[499, { kind: 'tick' }]]],
      [
        { idleMs: 500 },
        [
          [400, { kind: 'audio', bytes: audioOf([300]) }],
          [899, { kind: 'tick' }],
        ],
      ],
    ];

    for (const [until, inputs] of early)
      expect(places(said([transcribe(until), MARK, transcribe()], inputs))).toEqual([]);
  });

  it('with the command stop, which the next steps answer', () => {
    const all = said(
      [transcribe({ stop: true }), { kind: 'finish' }, MARK, { kind: 'close' }],
      [...audio(500), STOP],
    );
    expect(all).toEqual(['partial w0', 'partial w0 w1', 'final w0 w1', 'state mark']);
  });

  it('without losing a word: the next step continues within it', () => {
    const all = said([transcribe({ audioMs: 450 }), MARK, transcribe()], [...audio(1000), STOP]);
    expect(all.at(-2)).toBe('final w0 w1 w2 w3');
    expect(all.at(-1)).toBe('state stopped');
  });

  it('counted from its own beginning', () => {
    const two: readonly Step[] = [
      transcribe({ audioMs: 400 }),
      MARK,
      transcribe({ audioMs: 400 }),
      MARK,
      transcribe(),
    ];

    expect(places(said(two, audio(780)))).toHaveLength(1);
    expect(places(said(two, audio(800)))).toHaveLength(2);
  });

  it('at the same place in the audio, however that is cut into frames', () => {
    const until = fc.oneof(
      fc.record({ audioMs: fc.integer({ min: 1, max: 4000 }) }),
      fc.record({ speechMs: fc.integer({ min: 1, max: 3000 }) }),
      fc.record({ bytes: fc.integer({ min: 1, max: 100_000 }) }),
      fc.record({ partials: fc.integer({ min: 1, max: 8 }) }),
      fc.record({ finals: fc.integer({ min: 1, max: 3 }) }),
    );

    fc.assert(
      fc.property(turnsMs, until, until, frameLengths, frameLengths, (turns, first, second, one, other) => {
        const steps = [transcribe(first), MARK, transcribe(second), MARK, transcribe()];
        const bytes = audioOf(turns);
        const heard = (lengths: readonly number[]) =>
          saysOf(play(scriptOf(steps), [...audioInputs(cut(bytes, lengths)), STOP]).effects);
        expectSame(heard(one), heard(other));
      }),
      {
        numRuns: 60,
        // Regression: a slice continued beyond the window with which the step had ended.
        examples: [
          [[101], { speechMs: 1 }, { bytes: 1 }, [53], [1]],
          [[681], { audioMs: 661 }, { bytes: 1 }, [941], [1]],
        ],
      },
    );
  });
});

describe('audio that arrives while a step does not listen', () => {
  // Long frames, because ten thousand of them would be too many to keep.
  const longFrames = fc.array(fc.integer({ min: 200, max: 5000 }), { minLength: 1, maxLength: 5 });

  it('is heard afterwards, and gives the same finals as without the wait', () => {
    const waiting = fc.record({
      waitMs: fc.integer({ min: 1, max: 3000 }),
      everyMs: fc.integer({ min: 0, max: 300 }),
    });

    fc.assert(
      fc.property(turnsMs, longFrames, waiting, (turns, lengths, { waitMs, everyMs }) => {
        const frames = cut(audioOf(turns), lengths);
        const inputs: Timed<Input>[] = frames.map((bytes, i) => [i * everyMs, { kind: 'audio', bytes }]);
        const lastMs = frames.length * everyMs;
        const ends: Timed<Input>[] = [[Math.max(lastMs, waitMs), { kind: 'stop' }]];
        const ticked = [...inputs, [waitMs, { kind: 'tick' }] as const, ...ends].sort(([a], [b]) => a - b);
        const waited = said([{ kind: 'wait', ms: waitMs }, transcribe()], ticked);
        expect(waited).toEqual(said([transcribe()], [...inputs, ...ends]));
      }),
      { numRuns: 60 },
    );
  });

  it('is not lost if a step awaited it', () => {
    const await2: Step = { kind: 'await', what: 'audio', count: 2, limitMs: 1000, late: 'late' };
    const frames = cut(audioOf([900]), [9600]);
    const all = said([await2, MARK, transcribe()], [...audioInputs(frames), STOP]);

    expect(all).toEqual(['state mark', ...said([transcribe()], [...audioInputs(frames), STOP])]);
  });

  it('ends the session if it is too much', () => {
    const frame = new Uint8Array(2 ** 20);
    const inputs = audioInputs(new Array<Uint8Array>(17).fill(frame));
    const all = said([{ kind: 'wait', ms: 1000 }, transcribe()], inputs);

    expect(all).toEqual(['error Too much was sent while the scenario waited']);
    expect(said([{ kind: 'wait', ms: 1000 }, transcribe()], inputs.slice(1))).toEqual([]);
  });
});

describe('the words of a speak step', () => {
  const WORDS = ['good', 'morning', 'everybody', 'and', 'welcome', 'here', 'today', 'at', 'nine'];

  it('are sent exactly, as partials that grow into finals, before the next step', () => {
    const words = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 40 });
    const pauses = fc.array(fc.integer({ min: 20, max: 1500 }), { minLength: 1, maxLength: 4 });

    fc.assert(
      fc.property(words, pauses, frameLengths, fc.nat(), (text, pausesMs, lengths, seed) => {
        const { steps } = compile([{ speak: text.join(' ') }, { state: 'mark' }, 'hang'], { seed });
        // 900 ms is the longest word; words that a pause cuts are sent nevertheless.
        const turns = pausesMs.flatMap((ms) => [700, ms]).concat(text.length * 940);
        const { effects } = play(scriptOf(steps, seed), audioInputs(cut(audioOf(turns), lengths)));
        const all = saysOf(effects);
        let open: readonly string[] = [];
        const spoken: string[] = [];
        for (const say of all.slice(0, -1)) {
          if (say.kind !== 'partial' && say.kind !== 'final') throw new Error(describeSay(say));
          const own = say.words.map((word) => word.text);
          expect(own.slice(0, open.length)).toEqual(open);
          open = say.kind === 'final' ? [] : own;
          if (say.kind === 'final') spoken.push(...own);
        }
        expect(spoken).toEqual(text);
        expect(all.filter(({ kind }) => kind !== 'partial' && kind !== 'final').map(describeSay)).toEqual([
          'state mark',
        ]);
        expect(all.at(-1)).toMatchObject({ state: 'mark' });
      }),
      { numRuns: 40 },
    );
  });

  it('are not mixed with words that the step before kept back', () => {
    const kept = { until: { audio: '1500ms' }, partials: 'none', finals: 'none' };
    const { steps } = compile([{ transcribe: kept }, { speak: 'good morning' }, { state: 'mark' }, 'hang']);
    const texts = said(steps, audio(1500, 700, 2000));

    expect(texts.at(-1)).toBe('state mark');
    expect(texts.at(-2)).toMatch(/^final +good morning$/);
    expect(texts.slice(0, -1).filter((text) => !/^(partial|final) +good( morning)?$/.test(text))).toEqual([]);
  });

  it('are not sent in silence', () => {
    const { steps } = compile([{ speak: 'good morning' }, { state: 'mark' }]);
    expect(said(steps, audio(0, 5000))).toEqual([]);
  });

  it('do not replace the made-up words that come later', () => {
    const { steps } = compile([{ speak: { text: 'hello', pace: '200ms' } }, 'transcribe']);
    expect(said(steps, [...audio(800), STOP])).toContain('final hello');
  });
});

describe('the engine', () => {
  const scenarioStep = fc.constantFrom<unknown>(
    'open',
    'transcribe',
    'finish',
    { wait: '50ms' },
    { await: 'audio' },
    { await: { for: 'flush', limit: '1s' } },
    { speak: 'good morning everybody' },
    { transcribe: { until: { audio: '300ms' }, partials: 'reorder', finals: 'twice', times: 'late' } },
    { transcribe: { until: { flushes: 1 }, flush: 'before-final', partials: 'late' } },
    { latency: { min: '10ms', max: '90ms' } },
    { stall: { for: '20ms' } },
    { send: { a: 1 } },
    { close: 4000 },
    { chance: '50%', steps: [{ partial: 'x' }] },
    { when: { message: {} }, steps: [{ confirm: '{message.id}' }], else: [{ wait: '10ms' }] },
    { transcribe: { until: { finals: 1 }, every: '40ms', 'hold-finals': '70ms' } },
  );
  /** Steps up to the first one after which a connection ends. */
  const scenarioSteps = fc.array(scenarioStep, { minLength: 1, maxLength: 8 }).map((all) => {
    const last = all.findIndex((one) => one === 'transcribe' || JSON.stringify(one) === '{"close":4000}');
    return last < 0 ? all : all.slice(0, last + 1);
  });
  const input = fc.oneof(
    fc.constantFrom<Input>(
      { kind: 'start' },
      { kind: 'stop' },
      { kind: 'tick' },
      { kind: 'flush', id: 'a' },
      { kind: 'source-end' },
      { kind: 'unreadable', message: 'nonsense' },
      { kind: 'source', chunk: { kind: 'undecoded', durationMs: 400 } },
    ),
    turnsMs.map((turns): Input => ({ kind: 'audio', bytes: audioOf(turns.map((ms) => ms / 20)) })),
  );

  it('is pure: the same script, state, input and time give the same outcome, and no argument is changed', () => {
    const inputs = fc.array(fc.tuple(fc.nat({ max: 200 }), input), { maxLength: 12 });

    fc.assert(
      fc.property(scenarioSteps, inputs, fc.nat(), (server, later, seed) => {
        const script = deepFreeze(scriptOf(compile(server, { seed, dialect: 'reson8' }).steps, seed));
        let state = newSession(sniffingEar(RAW_DEFAULT));
        let nowMs = 0;
        for (const [afterMs, one] of [[0, { kind: 'open' } as Input] as const, ...later]) {
          nowMs += afterMs;
          const copy = structuredClone(one);
          const before = structuredClone(state);
          const first = step(script, deepFreeze(state), deepFreeze(one), nowMs);
          expectSame(step(script, state, one, nowMs), first);
          expectSame(step(script, before, copy, nowMs), first);
          expectSame([state, one], [before, copy]);
          state = first.state;
        }
      }),
      { numRuns: 60 },
    );
  });
});
