import type { Conversation } from '../../../conversation/conversation.ts';

const GOOD = ['mp3', 'hls', 'blob'] as const;

/**
 * Whether a server can be expected to get audio: from a microphone always, in stream mode when the observer knows what
 * is behind the URL. A session that fails may fail because of it.
 */
export function isFetchable({ dialect, context, query }: Conversation): boolean {
  if (dialect !== 'scriptix-stream') return true;
  return GOOD.some((good) => good === context.source) && (query.get('url') ?? '') !== '';
}

const BAD = ['missing', 'forbidden', 'text'] as const;

/** Whether it is known that there is nothing to fetch, so that it may be this that is refused. */
export function isFutile({ context }: Conversation): boolean {
  return BAD.some((bad) => bad === context.source);
}
