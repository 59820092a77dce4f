import { notOffered } from '../../../wire/extensions.ts';
import { broken, doneBy, held, perConversation, type Invariant } from '../../judge/invariant.ts';
import { headerOf } from '../shared/header-of.ts';
import { isMisusedExtension } from './faults.ts';

const HEADER = 'sec-websocket-extensions';

/**
 * A client has to fail a connection whose server agrees on what was not offered (RFC 6455 §4.1), or uses what was not
 * agreed on (§5.2). A trace that does not have the whole request, as those of some browsers, says nothing about the
 * answer.
 */
export const extensions: Invariant = perConversation('TR-006', function* ({ request, response, moments }) {
  if (request === undefined || response?.event.status !== 101) return;
  const { headers } = request.event;
  const isWhole = headerOf(headers, 'sec-websocket-key') !== '';
  const wrong = isWhole
    ? notOffered(headerOf(headers, HEADER), headerOf(response.event.headers, HEADER))
    : undefined;
  const events = [request.index, response.index];
  const misuse = moments.find(({ event }) => {
    return event.kind === 'fault' && event.from === 'server' && isMisusedExtension(event.message);
  });
  if (wrong !== undefined) yield doneBy('server', broken(events, 'no extension but what was offered', wrong));
  else if (misuse?.event.kind === 'fault') {
    const expected = 'frames as they were agreed on';
    yield doneBy('server', broken([response.index, misuse.index], expected, misuse.event.message));
  } else if (isWhole) yield doneBy('server', held(...events));
});
