import { heldIf, type Invariant } from '../../../judge/invariant.ts';
import { PATHS } from '../../../../protocol/reson8/handshake.ts';
import { credentialsOf } from './credentials.ts';
import { documentedPath } from './documented-path.ts';
import { parametersOf } from './parameters.ts';
import { perRealtime } from '../realtime.ts';

/** Where a client connects, and with which credential (S4:7,11-17). TLS is not visible in a trace. */
export const connecting: readonly Invariant[] = [
  perRealtime('R8-CONN-001', (realtime) => {
    const mayBeRefused = parametersOf(realtime.query).some(({ is }) => is === 'wrong');
    return documentedPath(realtime, PATHS.realtime, mayBeRefused);
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
