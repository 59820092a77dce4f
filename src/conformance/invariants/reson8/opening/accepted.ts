import type { RequirementId } from '../../../../protocol/requirements.ts';
import { heldIf, madeBy, type Invariant } from '../../../judge/invariant.ts';
import type { CredentialForm } from '../../../../protocol/reson8/handshake.ts';
import { shown } from '../../../text/shown.ts';
import { headerOf } from '../../shared/header-of.ts';
import { credentialsOf, isValid } from './credentials.ts';
import { accepting } from './answers.ts';
import { openingOf } from './opening.ts';
import { isPlain } from './parameters.ts';
import { perRealtime } from '../realtime.ts';
import { isIssued, issuesTokens, presentedBy, refusesForm } from '../rest/issued.ts';

/** What a server has to accept: every documented form of a valid credential, and a URL without parameters. */
export const accepted: readonly Invariant[] = [
  perForm('R8-AUTH-002', (form) => form.place === 'header' && form.scheme === 'ApiKey'),
  perForm('R8-AUTH-003', (form) => form.place === 'header' && form.scheme === 'Bearer'),
  perForm('R8-AUTH-004', (form) => form.place === 'subprotocol'),
  perRealtime('R8-QRY-007', function* (realtime, tolerances) {
    // This parameter is for the fake: it selects what it plays.
    const isBare = [...realtime.query.keys()].every((name) => name === 'scenario');
    if (!isBare || !isValid(realtime)) return;
    const opening = openingOf(realtime, tolerances);
    if (opening !== undefined) yield* accepting(opening, 'INVALID_REQUEST', [400, 422], 'reson8');
  }),
  perRealtime('R8-AUTH-005', function* ({ request, response }) {
    const offered = subprotocolsIn(request?.event.headers);
    if (request === undefined || response?.event.status !== 101 || offered[0] !== 'bearer') return;
    // Every 101 has headers, so here they were not recorded.
    if (Object.keys(response.event.headers).length === 0) return;
    const selected = selectedIn(response.event.headers);
    yield heldIf(
      selected !== undefined && offered.includes(selected),
      [request.index, response.index],
      'one of the offered subprotocols',
      () => `sec-websocket-protocol: ${shown(selected)}`,
    );
  }),
  perRealtime('R8-AUTH-006', function* ({ request, response }) {
    const offered = subprotocolsIn(request?.event.headers);
    if (request === undefined || response?.event.status !== 101 || offered[0] !== 'bearer') return;
    const selected = selectedIn(response.event.headers);
    if (selected === undefined) return;
    yield heldIf(
      selected === 'bearer',
      [request.index, response.index],
      'sec-websocket-protocol: "bearer"',
      () => `sec-websocket-protocol: ${shown(selected)}`,
    );
  }),
];

function perForm(id: RequirementId, isIt: (form: CredentialForm) => boolean): Invariant {
  return perRealtime(id, function* (realtime, tolerances, play) {
    const forms = credentialsOf(realtime);
    const [form] = forms;
    // If two forms were used, it is unknown which one was accepted; with an unusual query the refusal may be about
    // that.
    if (form === undefined || forms.length > 1 || !isIt(form)) return;
    if (!isValid(realtime) || !isPlain(realtime.query)) return;
    const opening = openingOf(realtime, tolerances);
    if (opening === undefined) return;
    const presented = presentedBy(realtime);
    // These forms are for access tokens: a server that issues them need not accept an API key instead.
    const isKey = presented !== undefined && issuesTokens(play) && !isIssued(presented.token, play);
    for (const occasion of accepting(opening, 'UNAUTHORIZED', [401, 403], 'reson8')) {
      if (isKey && occasion.outcome !== 'held') continue;
      yield presented === undefined ? occasion : madeBy(refusesForm(presented.as), occasion);
    }
  });
}

/** The subprotocols that a request offers. */
export function subprotocolsIn(headers: Readonly<Record<string, string>> | undefined): readonly string[] {
  return headerOf(headers, 'sec-websocket-protocol')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** The subprotocol that an answer selects. */
export function selectedIn(headers: Readonly<Record<string, string>>): string | undefined {
  const value = headerOf(headers, 'sec-websocket-protocol').trim();
  return value === '' ? undefined : value;
}
