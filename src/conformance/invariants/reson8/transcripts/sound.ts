import { derived } from '../../../conversation/derived.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import type { TraceContext } from '../../../../wire/trace.ts';

/** Audio of the client, and what the observer knows about it. */
export interface SentAudio {
  readonly index: number;
  readonly atMs: number;
  readonly content: NonNullable<TraceContext['audio']>['content'];
  /** Undefined if the bytes do not show it. */
  readonly ms: number | undefined;
}

/** The pieces of audio that a client has sent, in order. */
export const sentAudioOf = derived(({ moments }: Conversation): readonly SentAudio[] => {
  return moments.flatMap(({ index, event, context }) => {
    if (event.kind !== 'binary' || event.from !== 'client') return [];
    const { bytesPerMs = 0, content = 'unknown' } = context.audio ?? {};
    // A header is a few bytes once; counting it adds about a millisecond.
    return [
      { index, atMs: event.atMs, content, ms: bytesPerMs > 0 ? event.byteCount / bytesPerMs : undefined },
    ];
  });
});
