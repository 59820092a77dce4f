import { confidence as confidenceOf, spokenMs } from '../../generate/words.ts';
import { chance } from '../../runtime/random.ts';
import type { StepValue } from '../schema/server-steps.ts';
import type { Distortion, Pace, ServerSay, Until, Utterance, Word } from '../script.ts';
import { durationMsOf, present } from './values.ts';

/** The value of a step of recognition. */
type Recognition = Exclude<StepValue<'transcribe'>, undefined>;

/** When a step of recognition ends. */
export function untilOf(until: NonNullable<Recognition['until']>): Until {
  const { audio, speech, time, since, idle, ...counts } = until;
  return present({
    ...counts,
    timeSince: since,
    audioMs: durationMsOf(audio),
    speechMs: durationMsOf(speech),
    timeMs: durationMsOf(time),
    idleMs: durationMsOf(idle),
  });
}

/** What goes wrong with its results. */
export function distortionOf(file: Recognition): { readonly distortion?: Distortion } {
  const { partials, finals, offsets, spaces, times, confidence, speaker, flush, candidates, turns } = file;
  const hold = file['hold-finals'];
  const distortion = present({
    ...{ partials, finals, offsets, spaces, times, confidence, speaker, flush, candidates, turns },
    partialExtra: file['partial-extra'],
    finalExtra: file['final-extra'],
    holdFinals: hold === 'next-segment' ? ('next-segment' as const) : durationMsOf(hold),
  });
  return Object.keys(distortion).length === 0 ? {} : { distortion };
}

/** When its results come, if not as usual. */
export function paceOf({ every, segment }: Recognition): { readonly pace?: Partial<Pace> } {
  const pace = present({
    partialMs: durationMsOf(every),
    finalWords: segment?.words,
    finalMs: durationMsOf(segment?.audio),
    pauseMs: durationMsOf(segment?.pause),
  });
  return Object.keys(pace).length === 0 ? {} : { pace };
}

/** Words in the form in which they are spoken. */
export function utterances(
  text: string,
  paceMs: number | undefined,
  seed: number,
  path: string,
): readonly Utterance[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word, i) => ({
      kind: 'paced',
      text: word,
      spokenMs: paceMs ?? spokenMs(word, chance(seed, 'speak', path, i)),
      confidence: confidenceOf(chance(seed, 'confidence', path, i)),
    }));
}

/** A partial spelled out in the scenario, whatever audio was heard. */
export function partialOf(value: StepValue<'partial'>, seed: number, path: string): ServerSay {
  const { text, offset, stability = 0.85, extra } = typeof value === 'string' ? { text: value } : value;
  const startMs = durationMsOf(offset) ?? 0;
  const words = timed(text, startMs, seed, path);
  return { kind: 'partial', words, startMs, stability, ...present({ extra }) };
}

/** A final spelled out in the scenario. */
export function finalOf(value: StepValue<'final'>, seed: number, path: string): ServerSay {
  const { text = '', words, offset, ...rest } = typeof value === 'string' ? { text: value } : value;
  const startMs = durationMsOf(offset) ?? 0;
  const said = words === undefined ? timed(text, startMs, seed, path) : words.map(spelled);
  return { kind: 'final', words: said, startMs, ...present(rest) };
}

/** A candidate that the scenario spells out. */
export function candidateOf(value: StepValue<'turn_end_candidate'>, seed: number, path: string): ServerSay {
  const { text = '', words, offset, extra } = typeof value === 'string' ? { text: value } : value;
  const startMs = durationMsOf(offset) ?? 0;
  const said = words === undefined ? timed(text, startMs, seed, path) : words.map(spelled);
  return { kind: 'turn-end-candidate', words: said, startMs, ...present({ extra }) };
}

function timed(text: string, startMs: number, seed: number, path: string): readonly Word[] {
  let endMs = startMs;
  return utterances(text, undefined, seed, path).map((utterance) => {
    const from = endMs;
    endMs += utterance.kind === 'paced' ? utterance.spokenMs : 0;
    return { text: utterance.text, startMs: from, endMs, confidence: utterance.confidence };
  });
}

type WordFile = NonNullable<Exclude<StepValue<'final'>, string>['words']>[number];

function spelled({ text, start, end, confidence = 0.95 }: WordFile): Word {
  return { text, startMs: durationMsOf(start) ?? 0, endMs: durationMsOf(end) ?? 0, confidence };
}
