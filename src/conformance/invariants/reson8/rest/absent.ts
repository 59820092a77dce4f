import { PRERECORDED_PATH, TOKEN_PATH } from '../../../../protocol/reson8/rest.ts';
import type { Play } from '../../../judge/invariant.ts';
import type { RequirementResult } from '../../../judge/result.ts';
import { callsOf, type Call, type Endpoint } from './calls.ts';

/** The requirements of each endpoint. */
const ABOUT: readonly (readonly [prefix: string, endpoint: Endpoint, path: string])[] = [
  ['R8-TOK-', 'token', TOKEN_PATH],
  ['R8-PRE-', 'prerecorded', PRERECORDED_PATH],
];

/**
 * The documents do not require these calls: if a server has nothing at their path, requirements about them do not
 * apply.
 */
export function withAbsence(result: RequirementResult, plays: readonly Play[]): RequirementResult {
  if (result.verdict !== 'not-exercised') return result;
  const about = ABOUT.find(([prefix]) => result.id.startsWith(prefix));
  if (about === undefined) return result;
  const [, endpoint, path] = about;
  const calls = plays.flatMap(callsOf).filter((call) => call.endpoint === endpoint);
  const [first] = calls;
  if (first === undefined || calls.some(({ isServed }) => isServed)) return result;
  const reason = `the server has nothing at POST ${path} (${toldOf(first)})`;
  return { ...result, verdict: 'not-applicable', reason };
}

function toldOf({ status }: Call): string {
  return status >= 200 && status < 300 ? `HTTP ${status} with a page in HTML` : `HTTP ${status}`;
}
