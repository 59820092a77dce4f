import { vendorOf } from '../../../protocol/dialects.ts';
import { editionsOf } from '../../../protocol/editions.ts';
import { headerOf } from '../../invariants/shared/header-of.ts';
import { mostCommon, type AboutRun, type ClientCause } from './cause.ts';
import type { PlayFacts, ReceivedRequest } from './play-facts.ts';

/**
 * The cause if a client asks the fake for another edition than it is judged by: it is answered in the one and judged by
 * the other.
 */
export function editionCause(
  plays: readonly PlayFacts[],
  { dialect, editions }: AboutRun,
): readonly ClientCause[] {
  const service = vendorOf(dialect);
  const judgedBy = editions[service];
  const own = plays
    .flatMap(({ connections, calls }) => [...connections, ...calls])
    .filter(({ at }) => at !== undefined && vendorOf(at) === service);
  const others = own.flatMap((each) => {
    const asked = askedIn(each).replace(`${service}=`, '');
    return asked !== judgedBy && editionsOf(service).includes(asked) ? [asked] : [];
  });
  if (others.length === 0) return [];
  const { value, count } = mostCommon(others);
  const sentence = `The client asked for the edition ${value} of ${service} in ${ofRequests(count, own.length)}, and was judged by ${judgedBy}: is --edition ${service}=${value} meant?`;
  return [{ sentence, isReason: false }];
}

function ofRequests(count: number, all: number): string {
  return all === 1 ? 'its only request' : `${count} of ${all} requests`;
}

/** The edition that the fake goes by. */
function askedIn({ request, conversation }: ReceivedRequest): string {
  return conversation.query.get('edition') || headerOf(request.headers, 'x-understudy-edition');
}
