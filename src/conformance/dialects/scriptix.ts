import { hasType } from '../invariants/scriptix/connecting/parameters.ts';
import { isFutile } from '../invariants/scriptix/modes/sources.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { RunnerDialect } from './dialect.ts';

/** The microphone socket of Scriptix. */
export const scriptix: RunnerDialect = {
  title: 'the microphone socket',
  fullTitle: 'the microphone socket of Scriptix',
  atPath: 'SX-CONN-002',
  forms: ['query', 'x-zoom-s2t-key', 'x-api-key', 'api-key'],
  query: { type: 'fast' },
  begin: ['start'],
  visit: ['start', { audio: '2s' }, { close: 1000 }],
  tokenForms: [],
  isOpenAtOnce: false,
  isInOrder: isTypeInOrder,
};

/** The stream socket of Scriptix. */
export const scriptixStream: RunnerDialect = {
  title: 'the stream socket',
  fullTitle: 'the stream socket of Scriptix',
  atPath: 'SX-CONN-003',
  forms: ['path'],
  query: { type: 'fast', url: '/en-appointment.mp3' },
  begin: [],
  visit: [{ wait: '2s' }, { close: 1000 }],
  tokenForms: [],
  isOpenAtOnce: false,
  isInOrder: (conversation) =>
    isTypeInOrder(conversation) && !isFutile(conversation) && (conversation.query.get('url') ?? '') !== '',
};

function isTypeInOrder(conversation: Conversation): boolean {
  return !conversation.query.has('type') || hasType(conversation);
}
