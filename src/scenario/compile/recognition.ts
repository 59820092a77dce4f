import { confidence as confidenceOf, spokenMs } from '../../generate/words.ts';
import { chance } from '../../runtime/random.ts';
import type { Distortion, Pace, ServerSay, Until, Utterance, Word } from '../script.ts';
import { durationMsOf, fieldsOf, type Fields } from './values.ts';

/** When a step of recognition ends. */
export function readUntil(value: unknown): Until | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { audio, speech, time, since, idle, ...counts } = value as Fields;
  const until: Record<string, unknown> = { ...counts };
  if (since !== undefined) until['timeSince'] = since;
  for (const [name, text] of Object.entries({
    audioMs: audio,
    speechMs: speech,
    timeMs: time,
    idleMs: idle,
  })) {
    if (text !== undefined) until[name] = durationMsOf(text);
  }
  return until;
}

const DISTORTIONS = [
  'partials',
  'finals',
  'offsets',
  'spaces',
  'times',
  'confidence',
  'speaker',
  'flush',
] as const;

/** What goes wrong with its results. */
export function distortionOf(fields: Fields): { readonly distortion?: Distortion } {
  const found = Object.fromEntries(
    DISTORTIONS.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
  );
  const partialExtra = fields['partial-extra'];
  const finalExtra = fields['final-extra'];
  if (partialExtra !== undefined) found['partialExtra'] = partialExtra;
  if (finalExtra !== undefined) found['finalExtra'] = finalExtra;
  const hold = fields['hold-finals'];
  if (hold !== undefined) found['holdFinals'] = durationMsOf(hold) ?? hold;
  return Object.keys(found).length === 0 ? {} : { distortion: found };
}

/** When its results come, where that is not as usual. */
export function paceOf(fields: Fields): { readonly pace?: Partial<Pace> } {
  const { words, audio, pause } = fieldsOf(fields['segment']);
  const pace = Object.fromEntries(
    Object.entries({
      partialMs: durationMsOf(fields['every']),
      finalWords: words,
      finalMs: durationMsOf(audio),
      pauseMs: durationMsOf(pause),
    }).filter(([, value]) => value !== undefined),
  );
  return Object.keys(pace).length === 0 ? {} : { pace };
}

/** Words as somebody says them. */
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

/** A result that the scenario spells out, whatever audio was heard. */
export function scripted(
  kind: 'partial' | 'final',
  value: unknown,
  fields: Fields,
  seed: number,
  path: string,
): ServerSay {
  const startMs = durationMsOf(fields['offset']) ?? 0;
  const text = typeof value === 'string' ? value : ((fields['text'] as string | undefined) ?? '');
  const extra =
    fields['extra'] === undefined ? {} : { extra: fields['extra'] as Readonly<Record<string, unknown>> };
  const words = fields['words'] === undefined ? timed(text, startMs, seed, path) : spelled(fields['words']);
  if (kind === 'partial')
    return { kind, words, startMs, stability: Number(fields['stability'] ?? 0.85), ...extra };
  const speaker = fields['speaker'] === undefined ? {} : { speaker: fields['speaker'] as string };
  return { kind, words, startMs, ...speaker, ...extra };
}

function timed(text: string, startMs: number, seed: number, path: string): readonly Word[] {
  let endMs = startMs;
  return utterances(text, undefined, seed, path).map((utterance) => {
    const from = endMs;
    endMs += utterance.kind === 'paced' ? utterance.spokenMs : 0;
    return { text: utterance.text, startMs: from, endMs, confidence: utterance.confidence };
  });
}

function spelled(words: unknown): readonly Word[] {
  return (words as readonly { text: string; start: string; end: string; confidence?: number }[]).map(
    (word) => ({
      text: word.text,
      startMs: durationMsOf(word.start) ?? 0,
      endMs: durationMsOf(word.end) ?? 0,
      confidence: word.confidence ?? 0.95,
    }),
  );
}
