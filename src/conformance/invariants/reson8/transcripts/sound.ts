import { derived } from '../../../conversation/derived.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import type { TraceContext } from '../../../../wire/trace.ts';

/** Audio of the client, and what the observer knows of it. */
export interface SentAudio {
  readonly index: number;
  readonly content: NonNullable<TraceContext['audio']>['content'];
  /** Undefined when the bytes do not tell. */
  readonly ms: number | undefined;
}

export const sentAudioOf = derived(({ moments }: Conversation): readonly SentAudio[] => {
  return moments.flatMap(({ index, event, context }) => {
    if (event.kind !== 'binary' || event.from !== 'client') return [];
    const { bytesPerMs = 0, content = 'unknown' } = context.audio ?? {};
    // A header is some bytes once; to leave it in makes a millisecond.
    return [{ index, content, ms: bytesPerMs > 0 ? event.byteCount / bytesPerMs : undefined }];
  });
});
