import { derived } from '../../conversation/derived.ts';
import type { AudioSent } from '../../conversation/audio-clock.ts';
import type { Conversation, Heard } from '../../conversation/conversation.ts';
import type { Fields } from '../../conversation/read-message.ts';

/** A partial or a final, with what can be compared of it. What has the wrong type is undefined here. */
export interface Result {
  readonly index: number;
  readonly atMs: number;
  readonly isFinal: boolean;
  readonly text: string | undefined;
  readonly offsetMs: number | undefined;
  readonly fields: Fields;
  /** What the client had sent before it. */
  readonly audio: AudioSent;
}

export const resultsOf = derived(({ heard }: Conversation): readonly Result[] => {
  return heard.flatMap((each) => resultOf(each) ?? []);
});

export const partialsOf = derived((conversation: Conversation): readonly Result[] => {
  return resultsOf(conversation).filter(({ isFinal }) => !isFinal);
});

export const finalsOf = derived((conversation: Conversation): readonly Result[] => {
  return resultsOf(conversation).filter(({ isFinal }) => isFinal);
});

/** The places of the finals with an `offset_ms`: of what partials with it lead to. */
export function finalsAt(conversation: Conversation, offsetMs: number): readonly number[] {
  return finalsByOffset(conversation).get(offsetMs) ?? [];
}

/** More with one offset are told by the requirements about repeated finals. */
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

/** JSON can hold numbers that are infinite when they are read. */
export function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Whether the audio clock says how much audio there was; before the first byte it says nothing (A24). */
export function audioMsAt({ audio }: Pick<Result, 'audio'>): number | undefined {
  return audio.byteCount === 0 ? undefined : audio.ms;
}
