import { spokenLanguage, type LanguageCode } from '../../generate/languages/spoken.ts';
import { fillersOf, loadSentences } from '../../generate/utterances.ts';
import type { Voice } from '../script.ts';
import type { Additions } from './additions.ts';
import type { Recordings } from './recordings/load.ts';
import { loadTranscripts } from './transcripts.ts';
import { makeVoice } from './voice.ts';

/**
 * The voice for the language that a client asked for; English if it asked for none, or for an unsupported one. With
 * additions the connection gets a voice of its own; otherwise all speakers of a language share one.
 */
export type Voices = (language: string | undefined, additions?: Additions) => Promise<Voice>;

/**
 * Voices of one seed, each loaded when it is first needed.
 *
 * @param recordings those of the user, which take precedence over the bundled ones; if they change, voices requested
 * from then on use the new ones
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
      // The bundled recordings are known only by their exact samples.
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
