import { ENCODINGS } from '../../../protocol/reson8-turns/handshake.ts';
import { heldIf, type Invariant, type Occasion } from '../../judge/invariant.ts';
import { shown } from '../../text/shown.ts';
import { selectedIn, subprotocolsIn } from '../reson8/opening/accepted.ts';
import { accepting, refusing, refusingMissing } from '../reson8/opening/answers.ts';
import { credentialsOf, isValid } from '../reson8/opening/credentials.ts';
import { openingOf } from '../reson8/opening/opening.ts';
import { isInOrder, namesNoModel, wrongIn } from './parameters.ts';
import { perTurns, type Turns } from './turns.ts';

const HERE = 'reson8-turns';

/** Which clients a server admits, and with which parameters. It refuses in the same ways as on the realtime socket. */
export const admission: readonly Invariant[] = [
  perTurns('R8-TURN-002', function* (turns, tolerances) {
    if (!isInOrder(turns.query)) return;
    const opening = openingOf(turns, tolerances);
    if (opening === undefined) return;
    const { credential } = turns.context;
    if (credential === 'invalid') yield refusing(opening, 401, 'UNAUTHORIZED', HERE);
    else if (credential === 'missing') yield asWarning(refusingMissing(opening, HERE));
    // If two forms were used, it is unknown which one was accepted.
    else if (isValid(turns) && credentialsOf(turns).length === 1) {
      yield* accepting(opening, 'UNAUTHORIZED', [401, 403], HERE);
      yield* selecting(turns);
    }
  }),
  perTurns('R8-TURN-017', function* (turns, tolerances) {
    if (!isValid(turns)) return;
    const wrong = refusedFor(turns);
    const opening = wrong === undefined ? undefined : openingOf(turns, tolerances);
    if (opening === undefined) return;
    const occasion = refusing(opening, 400, 'INVALID_REQUEST', HERE);
    yield wrong === 'unused' && opening.kind === 'session' ? asWarning(occasion) : occasion;
  }),
];

/** No document says what a server does if there is no credential. */
function asWarning(occasion: Occasion): Occasion {
  return occasion.outcome === 'broken' ? { ...occasion, outcome: 'doubtful' } : occasion;
}

/** A client that offers a token as subprotocol gives up unless `bearer` is selected. */
function* selecting({ request, response }: Turns): Iterable<Occasion> {
  const offered = subprotocolsIn(request?.event.headers);
  if (request === undefined || response?.event.status !== 101 || offered[0] !== 'bearer') return;
  // Every 101 has headers, so here they were not recorded.
  if (Object.keys(response.event.headers).length === 0) return;
  const selected = selectedIn(response.event.headers);
  yield heldIf(
    selected === 'bearer',
    [request.index, response.index],
    'sec-websocket-protocol: "bearer"',
    () => `sec-websocket-protocol: ${shown(selected)}`,
  );
}

/** Parameters whose values are numbers, or one of a list. Only the vendor's page shows the form of the others. */
const JUDGED = ['encoding', 'eager_turn_probability', 'final_turn_probability'];
const OF_AUDIO = ['sample_rate', 'channels'];
/** These are known only from clients; a server that does not know them may interpret them differently. */
const NEWER = ['phrases', 'bias_strength', 'filler_mode'];

/** Whether a parameter must be refused, and whether the server certainly uses it. */
function refusedFor({ query }: Turns): 'used' | 'unused' | undefined {
  const wrong = wrongIn(query).filter((name) => query.getAll(name).length < 2);
  if (namesNoModel(query) || wrong.some((name) => JUDGED.includes(name))) return 'used';
  if (wrong.some((name) => NEWER.includes(name))) return 'unused';
  if (!wrong.some((name) => OF_AUDIO.includes(name))) return undefined;
  // The header of a file contains it too.
  return RAW.some((encoding) => encoding === query.get('encoding')) ? 'used' : 'unused';
}

const RAW = ENCODINGS.filter((encoding) => encoding !== 'auto');
