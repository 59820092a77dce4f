import { spokenLanguage, type LanguageCode } from '../../generate/languages/spoken.ts';
import { fillersOf, loadSentences } from '../../generate/utterances.ts';
import type { Voice } from '../script.ts';
import type { Additions } from './additions.ts';
import { loadTranscripts } from './transcripts.ts';
import { makeVoice } from './voice.ts';

/**
 * The voice for the language that a client asked for; English if it asked for none, or for an unsupported one. With
 * additions it is one of its own, else one for all who speak the language.
 */
export type Voices = (language: string | undefined, additions?: Additions) => Promise<Voice>;

/** Voices of one seed, each loaded when it is first needed. */
export function voicesOf(seed: number): Voices {
  // One entry per supported language, so clients cannot make it grow.
  const voices = new Map<string, Promise<Voice>>();
  let transcripts: ReturnType<typeof loadTranscripts> | undefined;
  const load = async (code: LanguageCode, additions?: Additions) => {
    transcripts ??= loadTranscripts();
    return makeVoice({
      seed,
      sentences: await loadSentences(code),
      transcripts: await transcripts,
      ...(additions === undefined ? {} : { additions: { ...additions, fillerWords: fillersOf(code) } }),
    });
  };
  return (language, additions) => {
    const code = spokenLanguage(language);
    if (additions !== undefined) return load(code, additions);
    let voice = voices.get(code);
    if (voice === undefined) {
      voice = load(code);
      voices.set(code, voice);
    }
    return voice;
  };
}
