import type { Conversation } from '../../../conversation/conversation.ts';
import { MODEL_TYPES, languageCode } from '../../../../protocol/scriptix/handshake.ts';
import {
  broken,
  doubtful,
  held,
  heldBySilence,
  heldIf,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { evidence } from '../../shared/evidence.ts';
import { admissionOf, describeAdmission, type Admission } from './admission.ts';
import { hasGoodCredential, perConnection } from '../conversations.ts';
import { presentedBy } from './credential-forms.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import { isFetchable } from '../modes/sources.ts';

/** The parameters `language` and `type`, for both sides (S0:15-16; S2:21-22). */
export const parameters: readonly Invariant[] = [
  perConnection('SX-CONN-012', language),
  perConnection('SX-CONN-013', function* (conversation) {
    if (conversation.query.has('language')) return;
    const answer = answerOf(conversation, ['type']);
    if (answer === undefined) return;
    yield* mustStart(answer, 'a session without language');
  }),
  perConnection('SX-CONN-014', function* ({ request, query }) {
    if (request === undefined) return;
    for (const type of query.getAll('type')) {
      yield heldIf(isType(type), [request.index], 'type: fast or quality', () => `type: ${shown(type)}`);
    }
  }),
  perConnection('SX-CONN-015', function* ({ request, query }) {
    if (request === undefined) return;
    if (query.has('type')) yield held(request.index);
    else {
      const reading = AMBIGUITIES.A1.readings.optional;
      yield { ...doubtful([request.index], 'type: fast or quality', 'no type'), reading };
    }
  }),
  perConnection('SX-CONN-016', typeLeftOut),
  perConnection('SX-CONN-017', otherType),
  perConnection('SX-CONN-020', decodes),
];

/** Whether nothing in the query could be a reason to refuse. */
export function isPlain({ query }: Conversation): boolean {
  return query.has('language') && isType(query.get('type') ?? '');
}

/** Whether it has a type that a server has to accept (A1). */
export function hasType({ query }: Conversation): boolean {
  return isType(query.get('type') ?? '');
}

function isType(type: string): boolean {
  return MODEL_TYPES.some((each) => each === type);
}

function* language({ request, query }: Conversation): Iterable<Occasion> {
  if (request === undefined) return;
  const events = [request.index];
  for (const code of query.getAll('language')) {
    const [expected, actual] = ['language: two letters of ISO 639-1', `language: ${shown(code)}`];
    if (languageCode.safeParse(code).success) yield held(...events);
    else if (/^[a-z]{2}-[a-z]{2,3}$/i.test(code)) {
      yield { ...doubtful(events, expected, actual), reading: AMBIGUITIES.A21.readings.locale };
    } else yield broken(events, expected, actual);
  }
}

/** Refusals because of the client rather than the request: no permission, no credits, too many requests, too slow. */
export const OF_THE_CALLER: readonly number[] = [401, 402, 403, 408, 425, 429];

interface Answer {
  readonly events: readonly number[];
  readonly admission: Exclude<Admission, { kind: 'open' }>;
  /** Whether the refusal is about the parameters, or could be. */
  readonly isTelling: boolean;
}

/**
 * How the server answered a connection that could be refused only for its query. Undefined if there was no answer, if
 * there could be another reason, or if a parameter in `named` is not valid.
 */
function answerOf(conversation: Conversation, named: readonly 'type'[]): Answer | undefined {
  const { request, query } = conversation;
  const admission = admissionOf(conversation);
  if (request === undefined || admission.kind === 'open') return undefined;
  const events = evidence(request.index, admission.index);
  if (admission.kind === 'started') return { events, admission, isTelling: true };
  // A trace recorded by others does not show whether the token was valid.
  if (hasGoodCredential(conversation) !== true || !isFetchable(conversation)) return undefined;
  if (named.includes('type') && !isType(query.get('type') ?? '')) return undefined;
  const isTelling =
    admission.how !== 'http' ||
    (admission.status >= 400 && admission.status < 500 && !OF_THE_CALLER.includes(admission.status));
  return { events, admission, isTelling };
}

function* mustStart({ events, admission, isTelling }: Answer, expected: string): Iterable<Occasion> {
  const actual = describeAdmission(admission);
  if (admission.kind === 'started') yield held(...events);
  else if (isTelling) yield broken(events, expected, actual);
  else yield decided('broken', admission, { outcome: 'unclear', events, expected, actual });
}

/** A problem of the service says nothing about the query, unless other requests are answered. */
function decided(outcome: 'held' | 'broken', admission: Answer['admission'], occasion: Occasion): Occasion {
  const isTrouble = admission.kind === 'refused' && admission.how === 'http' && admission.status >= 500;
  return isTrouble ? { ...occasion, ifInOrder: outcome, inDialect: 'scriptix' } : occasion;
}

/** A1: the strict reading is to refuse. Whether `fast` is then used cannot be observed. */
function* typeLeftOut(conversation: Conversation): Iterable<Occasion> {
  if (conversation.query.has('type')) return;
  const answer = answerOf(conversation, []);
  if (answer === undefined) return;
  const { events, admission, isTelling } = answer;
  if (admission.kind === 'started') yield { ...held(...events), reading: AMBIGUITIES.A1.readings.optional };
  else if (isTelling && conversation.query.has('language')) {
    yield { ...held(...events), reading: AMBIGUITIES.A1.readings.required };
  } else if (admission.how === 'http' && admission.status >= 500) {
    const [expected, actual] = ['a session without type', describeAdmission(admission)];
    yield decided('broken', admission, { outcome: 'unclear', events, expected, actual });
  }
}

function* otherType(conversation: Conversation): Iterable<Occasion> {
  const [type, ...more] = conversation.query.getAll('type');
  if (type === undefined || more.length > 0 || isType(type)) return;
  const answer = answerOf(conversation, []);
  if (answer === undefined) return;
  const { events, admission, isTelling } = answer;
  const expected = `no session with type ${shown(type)}`;
  if (admission.kind === 'started') yield broken(events, expected, 'a session began');
  else if (isTelling) yield heldBySilence('starts sessions', ...events);
  else
    yield decided('held', admission, {
      outcome: 'unclear',
      events,
      expected,
      actual: describeAdmission(admission),
    });
}

/**
 * A trace does not contain what the user of the client configured. It shows only an invalid escape, an address that was
 * encoded twice, or a token other than the one given to the client.
 */
function* decodes(conversation: Conversation): Iterable<Occasion> {
  const { request, query, context } = conversation;
  if (request === undefined) return;
  if (context.token !== undefined) {
    for (const { place, name, value } of presentedBy(conversation)) {
      if (place === 'header') continue;
      // A token that is not a variant of the given one is not a question of encoding.
      if (value !== context.token && context.misspelt?.includes(value) === false) continue;
      const expected = 'the token that it was given, percent-encoded once';
      const actual = () => `another one in ${place} ${name}`;
      yield heldIf(value === context.token, [request.index], expected, actual);
    }
  }
  if (!request.event.target.includes('%')) return;
  const expected = 'values that are percent-encoded once';
  const url = query.get('url') ?? '';
  if (/%(?![0-9a-f]{2})/i.test(request.event.target)) {
    yield broken([request.index], expected, 'a % that begins no escape');
  } else if (/^[a-z][a-z0-9+.-]*%3a/i.test(url)) {
    yield broken([request.index], expected, `url decodes to ${shown(url)}`);
  } else yield held(request.index);
}
