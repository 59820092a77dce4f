import type { Conversation } from '../../conversation.ts';

const GOOD = ['mp3', 'hls', 'blob'] as const;

/**
 * Whether a server can be expected to get audio: from a microphone always, in stream mode when the observer knows what
 * is behind the URL. A session that fails may fail because of it.
 */
export function isFetchable({ dialect, context, query }: Conversation): boolean {
  if (dialect !== 'scriptix-stream') return true;
  return GOOD.some((good) => good === context.source) && (query.get('url') ?? '') !== '';
}
