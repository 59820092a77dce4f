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

/** Whether the observer knows that there is nothing to fetch, which may be the reason for a refusal. */
export function isFutile({ context }: Conversation): boolean {
  return BAD.some((bad) => bad === context.source);
}
