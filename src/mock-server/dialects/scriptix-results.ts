import type { ServerSay } from '../../scenario/script.ts';

type Partial = Extract<ServerSay, { kind: 'partial' }>;
type Final = Extract<ServerSay, { kind: 'final' }>;
type Message = Readonly<Record<string, unknown>>;

/** Results as documented in S0 and S2: they say whether they are final. */
export function flaggedPartial(say: Partial): Message {
  return {
    text: textOf(say),
    is_final: false,
    offset_ms: say.offsetMs ?? say.startMs,
    stability: say.stability,
    ...say.extra,
  };
}

/** A final as documented in S0 and S2, with its words. */
export function flaggedFinal(say: Final): Message {
  return {
    text: textOf(say),
    is_final: true,
    offset_ms: say.offsetMs ?? say.startMs,
    // Words carry the space before them, and times count from the segment's offset (S0:62-69).
    words: say.words.map(({ text, startMs, endMs, confidence }) => [
      say.isUnspaced ? text : ` ${text}`,
      startMs - say.startMs,
      endMs - say.startMs,
      confidence,
    ]),
    ...(say.speaker === undefined ? {} : { speaker: say.speaker }),
    ...say.extra,
  };
}

/** Whether a message is a result that says whether it is final. */
export function isFlaggedResult(text: string): boolean {
  return text.includes('"is_final"');
}

/** The speaker if speakers are not distinguished. */
const ONLY_SPEAKER = 'Speaker 1';

/** Results of the older service: partials and finals have different fields. */
export function kaldiPartial(say: Partial): Message {
  return { partial: textOf(say), ...say.extra };
}

/**
 * Without an offset, the times of words count from the first audio. The unit is assumed to be milliseconds, as
 * elsewhere.
 */
export function kaldiFinal(say: Final): Message {
  return {
    result: say.words.map(({ text, startMs, endMs, confidence }) => [text, startMs, endMs, confidence]),
    speaker: say.speaker ?? ONLY_SPEAKER,
    text: textOf(say),
    ...say.extra,
  };
}

/** Whether a message is a result of the older service. */
export function isKaldiResult(text: string): boolean {
  return text.startsWith('{"partial":') || text.startsWith('{"result":');
}

function textOf({ words }: Partial | Final): string {
  return words.map(({ text }) => text).join(' ');
}
