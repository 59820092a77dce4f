import { scriptixEdition } from '../../../../protocol/editions.ts';
import type { Fields } from '../../../conversation/read-message.ts';
import { readKaldi } from '../../../conversation/kaldi-results.ts';
import { broken, heldBySilence, heldIf, type Invariant } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { perConnection } from '../conversations.ts';
import { evidence } from '../../shared/evidence.ts';
import { resultsOf } from '../results.ts';

/** The form of every message of a server, and error messages (S1:18,22-26; S2:43-89). */
export const messages: readonly Invariant[] = [
  perConnection('SX-MSG-001', function* ({ heard }) {
    for (const { index, message } of heard) {
      yield heldIf(message.kind !== 'unreadable', [index], 'a text message with one JSON object', () =>
        message.kind === 'unreadable' ? message.why : '',
      );
    }
  }),
  perConnection('SX-MSG-002', function* ({ heard, editions }) {
    const { results } = scriptixEdition(editions);
    const kindsIn = results === 'kaldi' ? kaldiKindsOf : kindsOf;
    const expected =
      results === 'kaldi' ? 'one of state, partial, final and error' : 'one of state, result and error';
    for (const { index, message } of heard) {
      if (message.kind === 'unreadable') continue;
      const kinds = kindsIn(message.wire);
      yield heldIf(kinds.length === 1, [index], expected, () =>
        kinds.length === 0 ? `none of them: ${shown(message.wire)}` : kinds.join(' and '),
      );
    }
  }),
  perConnection('SX-ERR-001', function* ({ heard }) {
    for (const { index, message } of heard) {
      if (message.kind !== 'error') continue;
      const { error } = message.fields;
      const isHeld = typeof error === 'string' && error !== '';
      yield heldIf(isHeld, [index], 'error: a string that is not empty', () => `error: ${shown(error)}`);
    }
  }),
  perConnection('SX-ERR-002', function* (conversation) {
    const error = conversation.heard.find(({ message }) => message.kind === 'error');
    if (error === undefined) return;
    const late = resultsOf(conversation).filter(({ index }) => index > error.index);
    if (late.length === 0) yield heldBySilence('recognises speech', error.index);
    for (const { index } of late) {
      yield broken(evidence(error.index, index), 'no results after an error', 'a result');
    }
  }),
];

/** The keys of each kind, which are not unknown fields in a message of another kind either. */
const RESULT_KEYS = ['text', 'is_final', 'offset_ms', 'words', 'stability'];

function kindsOf(fields: Fields): readonly string[] {
  const has = (key: string) => Object.hasOwn(fields, key);
  return [
    ...(has('state') ? ['a state'] : []),
    ...(RESULT_KEYS.some(has) ? ['a result'] : []),
    ...(has('error') ? ['an error'] : []),
  ];
}

/** The same for the older shape, in which partials and finals have no key in common. */
function kaldiKindsOf(fields: Fields): readonly string[] {
  const has = (key: string) => Object.hasOwn(fields, key);
  const isResult = readKaldi(fields)?.kind !== 'other';
  return [
    ...(has('state') ? ['a state'] : []),
    ...(isResult && has('partial') ? ['a partial'] : []),
    ...(isResult && (has('result') || has('text')) ? ['a final'] : []),
    ...(has('error') ? ['an error'] : []),
  ];
}
