import { notOffered } from '../../../wire/extensions.ts';
import { doneBy, heldIf, perConversation, type Invariant } from '../../invariant.ts';
import { headerOf } from '../header-of.ts';

const HEADER = 'sec-websocket-extensions';

/**
 * A client has to fail a connection whose server agrees on what was not offered (RFC 6455 §4.1). A trace that does not
 * have the whole request, as those of some browsers, says nothing about it.
 */
export const extensions: Invariant = perConversation('TR-006', function* ({ request, response }) {
  if (request === undefined || response?.event.status !== 101) return;
  const { headers } = request.event;
  if (headerOf(headers, 'sec-websocket-key') === '') return;
  const wrong = notOffered(headerOf(headers, HEADER), headerOf(response.event.headers, HEADER));
  const events = [request.index, response.index];
  yield doneBy(
    'server',
    heldIf(wrong === undefined, events, 'no extension but what was offered', () => wrong ?? ''),
  );
});
