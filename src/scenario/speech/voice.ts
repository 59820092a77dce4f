import type { Onset } from '../../audio/onset.ts';
import type { Sentences } from '../../generate/utterances.ts';
import { confidence, spokenMs } from '../../generate/words.ts';
import { chance, chooseInteger } from '../../runtime/random.ts';
import type { KnownRecordings, Utterance, Voice } from '../script.ts';
import { withAdditions, type Additions } from './additions.ts';
import type { Transcript } from './transcripts.ts';

/** A position in the made-up speech of one onset: a sentence, and the running number of its first word. */
interface Place {
  readonly sentence: number;
  readonly firstWord: number;
  readonly words: readonly string[];
}

/**
 * Positions are cached once per stretch of this many words, so that connections that hear the same audio at different
 * positions each find a near one.
 */
const STRETCH_WORDS = 64;
const MOST_PLACES = 10_000;

/**
 * A voice that says the known words of a recording and makes up the rest: after the transcript's last word, and for any
 * other audio, sentences that depend on the seed and the onset, so different audio has different words and the same
 * audio always the same. Asking for words in order is fastest. One voice may serve any number of connections.
 */
export function makeVoice(options: {
  readonly seed: number;
  readonly sentences: Sentences;
  /** By the id of the recording's onset. */
  readonly transcripts: Pick<ReadonlyMap<string, Transcript>, 'get'>;
  /** The recordings that it identifies by their sound. */
  readonly recordings?: KnownRecordings | undefined;
  /** What is said in addition to the sentences, with the fillers of their language. */
  readonly additions?: Additions & { readonly fillerWords: readonly string[] };
}): Voice {
  const { seed, sentences, transcripts, additions } = options;
  const sentenceWordAt = rememberPlaces(sentences);
  const wordAt =
    additions === undefined
      ? sentenceWordAt
      : withAdditions(sentenceWordAt, additions, additions.fillerWords);
  const { recordings } = options;
  const say = (onset: Onset, index: number): Utterance => {
    const sure = confidence(chance(seed, 'confidence', index));
    const transcript = transcripts.get(onset.id);
    const known = transcript?.words.length ?? 0;
    if (transcript !== undefined && index < known) return knownWord(transcript, onset, index, sure);
    const text = wordAt(seedOf(seed, onset), index - known);
    const takesMs = spokenMs(text, chance(seed, onset.id, index));
    // Two literals rather than one that is copied with another field: each such copy would have a hidden class of its
    // own, which slows down every frame.
    if (transcript === undefined || index > known)
      return { kind: 'paced', text, spokenMs: takesMs, confidence: sure };
    // Loud parts of a recording other than its words are not speech.
    const fromMs = Math.round(transcript.durationMs + onset.atMs - transcript.onset.atMs);
    return { kind: 'paced', text, spokenMs: takesMs, confidence: sure, fromMs };
  };
  return recordings === undefined ? say : Object.assign(say, { recordings: () => recordings });
}

/** Every onset has its own seed: a whole number of 32 bits. */
function seedOf(seed: number, onset: Onset): number {
  return chooseInteger(0, 2 ** 32 - 1, chance(seed, 'sentences', onset.id));
}

function knownWord(transcript: Transcript, onset: Onset, index: number, sure: number): Utterance {
  const word = transcript.words[index];
  if (word === undefined) throw new RangeError(`no word ${index} in this transcript`);
  const laterMs = onset.atMs - transcript.onset.atMs;
  return {
    kind: 'timed',
    text: word.text,
    startMs: Math.max(0, Math.round(word.startMs + laterMs)),
    endMs: Math.max(0, Math.round(word.endMs + laterMs)),
    confidence: sure,
    ...(transcript.language === undefined ? {} : { language: transcript.language }),
  };
}

/** The `index`-th word of all sentences of a seed in sequence. */
function rememberPlaces(sentences: Sentences): (seed: number, index: number) => string {
  const places = new Map<string, Place>();
  const placeAt = (seed: number, sentence: number, firstWord: number): Place => {
    const words = sentences(seed, sentence);
    if (words.length === 0) throw new RangeError(`sentence ${sentence} has no words`);
    return { sentence, firstWord, words };
  };
  return (seed, index) => {
    const stretch = Math.floor(index / STRETCH_WORDS);
    const key = `${seed}/${stretch}`;
    const remembered = places.get(key);
    let place = remembered ?? places.get(`${seed}/${stretch - 1}`) ?? placeAt(seed, 0, 0);
    while (index >= place.firstWord + place.words.length) {
      place = placeAt(seed, place.sentence + 1, place.firstWord + place.words.length);
    }
    while (index < place.firstWord) {
      const { sentence, firstWord } = place;
      const words = sentences(seed, sentence - 1);
      place = { sentence: sentence - 1, firstWord: firstWord - words.length, words };
    }
    if (place !== remembered) remember(places, key, place);
    return place.words[index - place.firstWord] ?? '';
  };
}

/** The oldest position is dropped first; it can always be computed again from the beginning. */
function remember(places: Map<string, Place>, key: string, place: Place): void {
  places.set(key, place);
  if (places.size <= MOST_PLACES) return;
  for (const oldest of places.keys()) {
    places.delete(oldest);
    return;
  }
}
