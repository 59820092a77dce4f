import type { TraceFact } from '../../../../../src/wire/trace.ts';
import { audio, context, events, heard, play, response } from '../../../play.ts';
import { BROWSER, KEY, probe, session, SMALL, switched, upgrade, type Case } from './building.ts';

const TOKEN = { authorization: 'Bearer redacted-1' };
const BEARER = { 'sec-websocket-protocol': 'bearer' };
const UNAUTHORIZED = response(401, { code: 'UNAUTHORIZED', message: 'no' });
const INVALID = response(400, { code: 'INVALID_REQUEST', message: 'no' });
const AUDIO = audio(1000);
const SPOKEN = heard(SMALL);
/** It is unknown whether the credential is good. */
const UNKNOWN = session('', AUDIO);
const refused = (answer: TraceFact) => play(events([upgrade(), answer]));
/** In the edition in which it matters where a refusal says why. */
const newer = (answer: TraceFact) => play(events([context({ edition: '2026-08' }), upgrade(), answer]));

/** How a connection is opened or refused. Where the credential is known, that is event 0. */
export const OPENING_CASES: readonly Case[] = [
  {
    id: 'R8-CONN-001',
    held: UNKNOWN,
    broken: play(events([upgrade(), response(404)])),
    evidence: [0, 1],
    actual: 'HTTP 404',
    silent: play(events([context({ dialect: 'reson8' }), response(404)])),
  },
  {
    id: 'R8-AUTH-001',
    held: UNKNOWN,
    broken: play(events([upgrade('', { ...KEY, ...BROWSER })])),
    evidence: [0],
    actual: 'Authorization: ApiKey and Sec-WebSocket-Protocol: bearer',
    silent: probe('missing', upgrade('', {})),
  },
  {
    id: 'R8-AUTH-002',
    held: probe('valid', upgrade('', KEY), switched()),
    broken: probe('valid', upgrade('', KEY), UNAUTHORIZED),
    evidence: [1, 2],
    actual: 'HTTP 401',
    silent: probe('valid', upgrade('', TOKEN), switched()),
  },
  {
    id: 'R8-AUTH-003',
    held: probe('valid', upgrade('', TOKEN), switched()),
    broken: probe('valid', upgrade('', TOKEN), UNAUTHORIZED),
    evidence: [1, 2],
    actual: 'HTTP 401',
    silent: probe('valid', upgrade('', KEY), switched()),
  },
  {
    id: 'R8-AUTH-004',
    held: probe('valid', upgrade('', BROWSER), switched(BEARER)),
    broken: probe('valid', upgrade('', BROWSER), UNAUTHORIZED),
    evidence: [1, 2],
    actual: 'HTTP 401',
    silent: probe('valid', upgrade('', KEY), switched()),
  },
  {
    id: 'R8-AUTH-005',
    held: probe('valid', upgrade('', BROWSER), switched(BEARER)),
    broken: probe('valid', upgrade('', BROWSER), switched()),
    evidence: [1, 2],
    actual: 'sec-websocket-protocol: nothing',
    silent: UNKNOWN,
  },
  {
    id: 'R8-AUTH-006',
    held: probe('valid', upgrade('', BROWSER), switched(BEARER)),
    broken: probe('valid', upgrade('', BROWSER), switched({ 'sec-websocket-protocol': 'redacted-1' })),
    evidence: [1, 2],
    actual: 'sec-websocket-protocol: "redacted-1"',
    silent: probe('valid', upgrade('', BROWSER), switched()),
  },
  {
    id: 'R8-AUTH-007',
    held: probe('invalid', upgrade(), UNAUTHORIZED),
    broken: probe('invalid', upgrade(), switched(), AUDIO, SPOKEN),
    evidence: [1, 2, 4],
    actual: '101 and a session',
    silent: UNKNOWN,
  },
  {
    id: 'R8-AUTH-008',
    held: probe('missing', upgrade('', {}), UNAUTHORIZED),
    broken: probe('missing', upgrade('', {}), switched(), AUDIO, SPOKEN),
    evidence: [1, 2, 4],
    actual: '101 and a session',
    silent: UNKNOWN,
  },
  {
    id: 'R8-QRY-005',
    held: probe('valid', upgrade('include_words=perhaps'), INVALID),
    broken: probe('valid', upgrade('include_words=perhaps'), switched(), AUDIO, SPOKEN),
    evidence: [1, 2, 4],
    actual: '101 and a session',
    also: ['R8-QRY-004'],
    silent: probe('valid', upgrade('include_words=true'), switched()),
  },
  {
    id: 'R8-QRY-007',
    held: probe('valid', upgrade(), switched()),
    broken: probe('valid', upgrade(), INVALID),
    evidence: [1, 2],
    actual: 'HTTP 400',
    silent: probe('valid', upgrade('encoding=auto'), INVALID),
  },
  {
    id: 'R8-ERR-001',
    held: refused(UNAUTHORIZED),
    broken: refused(response(401, { code: 'INVALID_TOKEN', message: 'no' })),
    evidence: [1],
    actual: '"INVALID_TOKEN"',
    silent: refused(response(401, '')),
  },
  {
    id: 'R8-ERR-003',
    held: newer(response(401, '', { 'x-error-message': 'no' })),
    broken: newer(response(401, '')),
    evidence: [2],
    actual: 'HTTP 401 without X-Error-Message',
    silent: refused(response(401, '')),
  },
];
