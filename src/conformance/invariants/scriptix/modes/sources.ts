import type { Conversation } from '../../../conversation/conversation.ts';

const GOOD = ['mp3', 'hls', 'blob'] as const;

/**
 * Whether a server can be expected to get audio: in microphone mode always, in stream mode if the observer knows what
 * is behind the URL. Otherwise a session may fail because of the source.
 */
export function isFetchable({ dialect, context, query }: Conversation): boolean {
  if (dialect !== 'scriptix-stream') return true;
  return GOOD.some((good) => good === context.source) && (query.get('url') ?? '') !== '';
}

const BAD = ['missing', 'forbidden', 'text'] as const;

/** Whether there is known to be nothing to fetch, so that this may be the reason for a refusal. */
export function isFutile({ context }: Conversation): boolean {
  return BAD.some((bad) => bad === context.source);
}
