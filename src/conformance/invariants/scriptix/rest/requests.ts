import { NOT_CALLABLE } from '../../shared/not-served.ts';
import type { RequirementId } from '../../../../protocol/requirements.ts';
import { API_KEY_HEADER, ENDPOINTS, type Endpoint } from '../../../../protocol/scriptix/rest.ts';
import type { Conversation } from '../../../conversation/conversation.ts';
import { broken, doneBy, held, heldIf, type Invariant, type Occasion } from '../../../judge/invariant.ts';
import { headerOf } from '../../shared/header-of.ts';
import { callsOf } from './calls.ts';

/** Headers for keys on other pages of the vendor, and on the sockets (A20). */
const OTHER_KEYS = ['authorization', 'x-api-key', 'api-key'];
const BEARER = /^bearer\s+\S/i;
const BEARER_DEVIATION = 'scriptix-rest-bearer';

/** How both calls are made, and that they can be made. */
export const restRequests: readonly Invariant[] = [
  at('SX-REST-001', 'initialize'),
  at('SX-REST-002', 'status'),
  {
    id: 'SX-REST-003',
    *judge(play) {
      for (const { request } of callsOf(play)) yield keyOf(request.event.headers, request.index);
    },
  },
];

function at(id: RequirementId, endpoint: Endpoint): Invariant {
  const { method, path } = ENDPOINTS[endpoint];
  const expected = `${method} ${path}`;
  return {
    id,
    *judge(play) {
      for (const { endpoint: called, request, isAsDocumented, answer } of callsOf(play)) {
        if (called !== endpoint) continue;
        const made = () => `${request.event.method} ${path}`;
        yield doneBy('client', heldIf(isAsDocumented, [request.index], expected, made));
        if (answer === undefined || !isAsDocumented) continue;
        // Clients without a valid key may get a 404, which is covered by another requirement.
        const isStranger = answer.credential === 'missing' || answer.credential === 'invalid';
        if (isStranger && NOT_CALLABLE.includes(answer.status)) continue;
        const isServed = !NOT_CALLABLE.includes(answer.status);
        const actual = () => `${answer.status} in answer to ${expected}`;
        yield doneBy('server', heldIf(isServed, answer.events, `an answer to ${expected}`, actual));
      }
      for (const { request, path: other } of play.conversations.filter((each) =>
        isElsewhere(each, endpoint),
      )) {
        if (request === undefined) continue;
        yield doneBy('client', broken([request.index], expected, `${request.event.method} ${other}`));
      }
    },
  };
}

/** A plain HTTP call that looks like this one but has another path. */
function isElsewhere({ request, path, dialect }: Conversation, endpoint: Endpoint): boolean {
  if (request === undefined || request.event.method === 'OPTIONS') return false;
  if (headerOf(request.event.headers, 'upgrade') !== '') return false;
  const isNamed = new RegExp(`/realtime/+${endpoint}/*$`, 'i').test(path);
  return isNamed && !(dialect === 'scriptix-rest' && path.endsWith(ENDPOINTS[endpoint].path));
}

/** The documents name one header (S3:9-11,26,77). The form on newer pages of the vendor is a deviation from them. */
function keyOf(headers: Readonly<Record<string, string>>, index: number): Occasion {
  if (headerOf(headers, API_KEY_HEADER) !== '') return held(index);
  const other = OTHER_KEYS.find((name) => headerOf(headers, name) !== '');
  const expected = `a key in ${API_KEY_HEADER}`;
  if (other === undefined) return broken([index], expected, 'none');
  const occasion = broken([index], expected, `one in ${other}`);
  return BEARER.test(headerOf(headers, other)) && other === 'authorization'
    ? { ...occasion, deviation: BEARER_DEVIATION }
    : occasion;
}
