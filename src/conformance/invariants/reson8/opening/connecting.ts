import { isAtPath } from '../../shared/at-path.ts';
import { NOT_SERVED } from '../../shared/not-served.ts';
import { broken, held, heldIf, type Invariant } from '../../../judge/invariant.ts';
import { PATHS } from '../../../../protocol/reson8/handshake.ts';
import { shown } from '../../../text/shown.ts';
import { credentialsOf } from './credentials.ts';
import { parametersOf } from './parameters.ts';
import { perRealtime } from '../realtime.ts';

/** Where a client connects, and with which credential (S4:7,11-17). A trace does not show TLS. */
export const connecting: readonly Invariant[] = [
  perRealtime('R8-CONN-001', function* ({ request, response, path, query, context }) {
    if (request === undefined) return;
    const isDocumented = isAtPath(path, PATHS.realtime);
    const expected = `the path ${PATHS.realtime}`;
    yield {
      ...heldIf(isDocumented, [request.index], expected, () => `the path ${shown(path)}`),
      by: 'client',
    };
    if (!isDocumented || response === undefined) return;
    const events = [request.index, response.index];
    const { status } = response.event;
    if (status === 101) yield { ...held(...events), by: 'server' };
    // A client that must be refused may get this answer, which is judged as a refusal.
    else if (context.credential === 'missing' || context.credential === 'invalid') return;
    else if (parametersOf(query).some(({ is }) => is === 'wrong')) return;
    else if (NOT_SERVED.includes(status)) {
      yield { ...broken(events, `${expected} to be served`, `HTTP ${status}`), by: 'server' };
    }
  }),
  perRealtime('R8-AUTH-001', function* (realtime) {
    const { request, context } = realtime;
    // The credential was left out on purpose.
    if (request === undefined || context.credential === 'missing') return;
    const forms = credentialsOf(realtime).map((form) =>
      form.place === 'header' ? `Authorization: ${form.scheme}` : 'Sec-WebSocket-Protocol: bearer',
    );
    yield heldIf(
      forms.length === 1,
      [request.index],
      'one of Authorization: ApiKey, Authorization: Bearer, Sec-WebSocket-Protocol: bearer',
      () => (forms.length === 0 ? 'none of them' : forms.join(' and ')),
    );
  }),
];
