import { spokenLanguage, type LanguageCode } from '../../generate/languages/spoken.ts';
import { fillersOf, loadSentences } from '../../generate/utterances.ts';
import type { Voice } from '../script.ts';
import type { Additions } from './additions.ts';
import type { Recordings } from './recordings/load.ts';
import { loadTranscripts } from './transcripts.ts';
import { makeVoice } from './voice.ts';

/**
 * The voice for the language that a client asked for; English if it asked for none, or for an unsupported one. With
 * additions it is one of its own, else one for all who speak the language.
 */
export type Voices = (language: string | undefined, additions?: Additions) => Promise<Voice>;

/**
 * Voices of one seed, each loaded when it is first needed.
 *
 * @param recordings those of the user, which come before the bundled ones; when there are others, they are for the voices
 * that are asked for from then on
 */
export function voicesOf(seed: number, recordings: () => Recordings | undefined = () => undefined): Voices {
  // One entry per supported language, so clients cannot make it grow.
  const voices = new Map<string, Promise<Voice>>();
  let known: Recordings | undefined;
  let bundled: ReturnType<typeof loadTranscripts> | undefined;
  const load = async (code: LanguageCode, additions?: Additions) => {
    const { transcripts: own, known: byTheirSound } = recordings() ?? {};
    const others = await (bundled ??= loadTranscripts());
    return makeVoice({
      seed,
      sentences: await loadSentences(code),
      transcripts: own === undefined ? others : { get: (id) => own.get(id) ?? others.get(id) },
      // Of the bundled ones the exact samples are known.
      recordings: byTheirSound && {
        ...byTheirSound,
        has: (onset) => byTheirSound.has(onset) || others.has(onset.id),
      },
      ...(additions === undefined ? {} : { additions: { ...additions, fillerWords: fillersOf(code) } }),
    });
  };
  return (language, additions) => {
    const code = spokenLanguage(language);
    if (additions !== undefined) return load(code, additions);
    if (recordings() !== known) {
      known = recordings();
      voices.clear();
    }
    let voice = voices.get(code);
    if (voice === undefined) {
      voice = load(code);
      voices.set(code, voice);
    }
    return voice;
  };
}
