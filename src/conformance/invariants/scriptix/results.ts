import { derived } from '../../conversation/derived.ts';
import type { AudioSent } from '../../conversation/audio-clock.ts';
import type { Conversation, Heard } from '../../conversation/conversation.ts';
import type { Fields } from '../../conversation/read-message.ts';

/** A partial or a final, with the fields that can be compared. Values of the wrong type are undefined here. */
export interface Result {
  readonly index: number;
  readonly atMs: number;
  readonly isFinal: boolean;
  readonly text: string | undefined;
  readonly offsetMs: number | undefined;
  readonly fields: Fields;
  /** The audio that the client had sent before it. */
  readonly audio: AudioSent;
}

/** All results of a conversation, in order. */
export const resultsOf = derived(({ heard }: Conversation): readonly Result[] => {
  return heard.flatMap((each) => resultOf(each) ?? []);
});

/** The partials of a conversation, in order. */
export const partialsOf = derived((conversation: Conversation): readonly Result[] => {
  return resultsOf(conversation).filter(({ isFinal }) => !isFinal);
});

/** The finals of a conversation, in order. */
export const finalsOf = derived((conversation: Conversation): readonly Result[] => {
  return resultsOf(conversation).filter(({ isFinal }) => isFinal);
});

/** Results whose `is_final` contradicts their other fields (S0:47-50,72-75). */
interface Opposites {
  /** Those that claim to be final: with a stability, without words. */
  readonly partials: readonly number[];
  /** Those that claim to be partial: with words, without a stability. */
  readonly finals: readonly number[];
}

/** The results of a conversation that contradict themselves. */
export const oppositesOf = derived((conversation: Conversation): Opposites => ({
  partials: placesOf(finalsOf(conversation).filter(({ fields }) => saysOpposite(fields, true))),
  finals: placesOf(partialsOf(conversation).filter(({ fields }) => saysOpposite(fields, false))),
}));

function saysOpposite(fields: Fields, isFinal: boolean): boolean {
  const [ours, theirs] = isFinal ? ['words', 'stability'] : ['stability', 'words'];
  return fields['is_final'] === isFinal && Object.hasOwn(fields, theirs) && !Object.hasOwn(fields, ours);
}

function placesOf(results: readonly Result[]): readonly number[] {
  return results.map(({ index }) => index);
}

/** The places of the finals with an `offset_ms`, which partials with that offset lead to. */
export function finalsAt(conversation: Conversation, offsetMs: number): readonly number[] {
  return finalsByOffset(conversation).get(offsetMs) ?? [];
}

/**
 * The maximum number of finals with one offset; further ones are reported by the requirements about repeated finals.
 */
const MOST_FINALS = 16;

const finalsByOffset = derived((conversation: Conversation): ReadonlyMap<number, readonly number[]> => {
  const found = new Map<number, number[]>();
  for (const { index, offsetMs } of finalsOf(conversation)) {
    if (offsetMs === undefined) continue;
    const own = found.get(offsetMs);
    if (own === undefined) found.set(offsetMs, [index]);
    else if (own.length < MOST_FINALS) own.push(index);
  }
  return found;
});

function resultOf({ index, event, audio, message }: Heard): Result | undefined {
  if (message.kind !== 'partial' && message.kind !== 'final') return undefined;
  const { fields } = message;
  const { text, offset_ms: offset } = fields;
  return {
    index,
    atMs: event.atMs,
    isFinal: message.kind === 'final',
    text: typeof text === 'string' ? text : undefined,
    offsetMs: finite(offset),
    fields,
    audio,
  };
}

/** A finite number: numbers in JSON may be infinite once parsed. */
export function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The amount of audio, if the audio clock shows it; undefined before the first byte (A24). */
export function audioMsAt({ audio }: Pick<Result, 'audio'>): number | undefined {
  return audio.byteCount === 0 ? undefined : audio.ms;
}
