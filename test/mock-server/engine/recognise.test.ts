import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServerSay, Utterance, Voice } from '../../../src/scenario/script.ts';
import { finish, PACE, recognise, UNRECOGNISED } from '../../../src/mock-server/engine/recognise.ts';

const ONSET = { id: 'any', atMs: 0, knownAtMs: 0 };

/** Says w0, w1, …, each for 300 ms of speech. */
const paced: Voice = (_onset, index) => ({
  kind: 'paced',
  text: `w${index}`,
  spokenMs: 300,
  confidence: 0.9,
});

/** What is recognised in windows of 20 ms: `1` is speech, `0` is silence. */
function run(pattern: string, voice: Voice = paced, speakers = 0): ServerSay[] {
  let recognition = UNRECOGNISED;
  const says: ServerSay[] = [];
  pattern.split('').forEach((window, i) => {
    const step = recognise(recognition, { voice, onset: ONSET, speakers, pace: PACE }, (i + 1) * 20, {
      spokenMs: window === '1' ? 20 : 0,
      undecidedMs: 0,
    });
    recognition = step.recognition;
    says.push(...step.says);
  });
  return [...says, ...finish(recognition, speakers).says];
}

const speech = (ms: number) => '1'.repeat(ms / 20);
const silence = (ms: number) => '0'.repeat(ms / 20);
const finals = (says: readonly ServerSay[]) => says.filter((say) => say.kind === 'final');
const texts = (say: ServerSay) => ('words' in say ? say.words.map(({ text }) => text).join(' ') : say.kind);

describe('made-up words', () => {
  it('come with a partial for every 200 ms of speech, and a final after a pause', () => {
    const says = run(speech(700) + silence(900));
    expect(says.map((say) => [say.kind, texts(say)])).toEqual([
      ['partial', 'w0'],
      ['partial', 'w0 w1'],
      ['partial', 'w0 w1'],
      ['final', 'w0 w1 w2'],
    ]);
  });

  it('do not come in silence', () => {
    expect(run(silence(60_000))).toEqual([]);
  });

  it('end a segment after 15 words without a pause', () => {
    const [first, second] = finals(run(speech(10_000)));
    expect(first?.words).toHaveLength(PACE.finalWords);
    expect(second?.startMs).toBe(first?.words.at(-1)?.endMs);
  });

  it('end a segment after 30 s if words come slowly', () => {
    const [first] = finals(run((speech(100) + silence(700)).repeat(100)));
    const spanMs = (first?.words.at(-1)?.endMs ?? 0) - (first?.startMs ?? 0);

    expect(first?.words.length).toBeLessThan(PACE.finalWords);
    expect(spanMs).toBeGreaterThan(PACE.finalMs - 2000);
    expect(spanMs).toBeLessThanOrEqual(PACE.finalMs);
  });

  it('come in a partial before the first final, however short the speech was', () => {
    expect(run(speech(100) + silence(1000)).map(({ kind }) => kind)).toEqual(['partial', 'final']);
  });

  it('have speakers who take turns at pauses, if the server is set to', () => {
    const said = finals(run((speech(600) + silence(1000)).repeat(3), paced, 2));
    expect(said.map(({ speaker }) => speaker)).toEqual(['Speaker 1', 'Speaker 2', 'Speaker 1']);
    expect(finals(run(speech(600)))[0]).not.toHaveProperty('speaker');
  });
});

describe('known words', () => {
  const known: Utterance[] = [
    { kind: 'timed', text: 'one', startMs: 105, endMs: 300, confidence: 0.9 },
    { kind: 'timed', text: 'two', startMs: 300, endMs: 310, confidence: 0.9 },
    { kind: 'timed', text: 'three', startMs: 312, endMs: 318, confidence: 0.9 },
    { kind: 'timed', text: 'four', startMs: 2000, endMs: 2500, confidence: 0.9 },
  ];
  const voice: Voice = (onset, index) => known[index] ?? paced(onset, index);

  it('have their own times, however long speech is', () => {
    const said = finals(run(speech(2500) + silence(1500), voice));

    expect(
      said.flatMap(({ words }) => words.map(({ text, startMs, endMs }) => [text, startMs, endMs])),
    ).toEqual([
      ['one', 105, 300],
      ['two', 300, 310],
      ['three', 312, 318],
      ['four', 2000, 2500],
    ]);
    expect(said.map(({ startMs }) => startMs)).toEqual([105, 2000]);
  });

  it('do not come where there is no speech', () => {
    expect(finals(run(silence(400) + speech(100) + silence(4000), voice))).toEqual([]);
    expect(finals(run(speech(200) + silence(4000), voice)).map(texts)).toEqual(['one']);
  });

  it('are not followed by a made-up word before a pause', () => {
    const said = finals(run(speech(2700) + silence(1000) + speech(600), voice));
    expect(said.map(texts)).toEqual(['one two three', 'four', 'w4 w5']);
  });
});

it('for any speech, words are in order, segments do not overlap, and partials are within their segment', () => {
  const window = fc.constantFrom('0', '1');
  const piece = fc.tuple(window, fc.integer({ min: 1, max: 120 })).map(([kind, count]) => kind.repeat(count));

  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const says = run(pieces.join(''));
      let endMs = 0;
      let stability = 0;
      let openMs: number | undefined;
      for (const say of says) {
        if (say.kind !== 'partial' && say.kind !== 'final') throw new Error(`unexpected ${say.kind}`);
        expect(say.words.length).toBeGreaterThan(0);
        expect(say.startMs).toBe(openMs ?? say.startMs);
        expect(say.startMs).toBeGreaterThanOrEqual(endMs);
        expect(say.words[0]?.startMs).toBe(say.startMs);
        let atMs = say.startMs;
        for (const word of say.words) {
          expect(word.startMs).toBeGreaterThanOrEqual(atMs);
          expect(word.endMs).toBeGreaterThan(word.startMs);
          atMs = word.endMs;
        }
        if (say.kind === 'partial') {
          expect(say.stability).toBeGreaterThan(stability);
          stability = say.stability;
          openMs = say.startMs;
        } else {
          endMs = atMs;
          stability = 0;
          openMs = undefined;
        }
      }
      expect(openMs).toBeUndefined();
    }),
  );
});
