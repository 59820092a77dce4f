import type { Word } from '../../../scenario/script.ts';
import { wordFields } from '../../dialects/reson8/messages.ts';
import { languageOf, speakerId } from '../../dialects/reson8/parameters.ts';
import type { Final } from './hear.ts';
import type { AskedRecording } from './prerecorded-query.ts';

/** Words of one speaker. */
interface Segment {
  readonly speaker: string | undefined;
  readonly words: readonly Word[];
}

/** The answer for a recording: as on the socket, each flag adds its own fields. */
export function transcriptOf(finals: readonly Final[], asked: AskedRecording): Record<string, unknown> {
  const transcript = passage(
    finals.flatMap(({ words }) => words),
    asked,
  );
  const { mostSpeakers } = asked;
  if (mostSpeakers === undefined) return transcript;
  const segments = bySpeaker(finals);
  const known = [...new Set(segments.flatMap(({ speaker }) => speaker ?? []))];
  return {
    ...transcript,
    segments: segments.map(({ speaker, words }) => ({
      ...passage(words, asked),
      speaker_id: speakerId(speaker, known, mostSpeakers),
    })),
  };
}

/** A segment continues over several finals until another speaker speaks. */
function bySpeaker(finals: readonly Final[]): readonly Segment[] {
  const segments: { speaker: string | undefined; words: Word[] }[] = [];
  for (const { speaker, words } of finals) {
    const last = segments.at(-1);
    if (last === undefined || last.speaker !== speaker) segments.push({ speaker, words: [...words] });
    else last.words.push(...words);
  }
  return segments;
}

function passage(words: readonly Word[], asked: AskedRecording): Record<string, unknown> {
  const startMs = words[0]?.startMs ?? 0;
  const endMs = words.at(-1)?.endMs ?? startMs;
  return {
    text: words.map(({ text }) => text).join(' '),
    ...(asked.speech.namesLanguage ? { language: languageOf(words, asked.speech) } : {}),
    ...(asked.timestamps ? { start_ms: startMs, duration_ms: endMs - startMs } : {}),
    ...(asked.words ? { words: words.map((word) => wordFields(word, asked)) } : {}),
  };
}
