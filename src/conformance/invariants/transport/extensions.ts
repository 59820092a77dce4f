import { notOffered } from '../../../wire/extensions.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import type { Observe } from '../../judge/invariant.ts';
import { headerOf } from '../shared/header-of.ts';
import { isMisusedExtension } from './faults.ts';

const HEADER = 'sec-websocket-extensions';

/**
 * A client has to fail a connection whose server agrees on an extension that was not offered (RFC 6455 §4.1), or uses
 * one that was not agreed on (§5.2): many clients cannot work with such a server, but some accept it.
 */
export const extensions: Observe = ({ conversations }) => {
  const texts = new Set(conversations.flatMap((each) => [...misusesIn(each)]));
  return [...texts].map((text) => ({ id: 'TR-I01', text }));
};

function* misusesIn({ request, response, moments }: Conversation): Iterable<string> {
  if (request === undefined || response?.event.status !== 101) return;
  const { headers } = request.event;
  // A trace without the complete request, as from some browsers, says nothing about the answer.
  if (headerOf(headers, 'sec-websocket-key') !== '') {
    const wrong = notOffered(headerOf(headers, HEADER), headerOf(response.event.headers, HEADER));
    if (wrong !== undefined) yield `the server agreed on ${wrong}`;
  }
  for (const { event } of moments) {
    if (event.kind === 'fault' && event.from === 'server' && isMisusedExtension(event.message))
      yield `the server sent frames that were not agreed on: ${event.message}`;
  }
}
