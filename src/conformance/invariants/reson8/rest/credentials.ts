import { derived } from '../../../conversation/derived.ts';
import type { Play } from '../../../judge/invariant.ts';
import { headerOf } from '../../shared/header-of.ts';
import { othersOf } from '../../shared/other-plays.ts';
import { realtimesOf } from '../realtime.ts';
import type { Call } from './calls.ts';

/** Whether the socket accepts the same credential in the same header: then a call must not refuse it. */
export function isAcceptedElsewhere({ request }: Call, play: Play): boolean {
  const own = headerOf(request.event.headers, 'authorization');
  return own !== '' && othersOf(play).some((each) => acceptedIn(each).has(own));
}

const acceptedIn = derived((play: Play): ReadonlySet<string> => {
  const accepted = realtimesOf(play).filter(({ isOpen, heard }) => isOpen && heard.length > 0);
  return new Set(accepted.map(({ request }) => headerOf(request?.event.headers, 'authorization')));
});

/** Whether the credential that should be refused is accepted by the socket: it may be valid after all. */
export function isInvalidAccepted(play: Play): boolean {
  return othersOf(play).some(acceptsInvalid);
}

const acceptsInvalid = derived((play: Play): boolean =>
  realtimesOf(play).some(({ context, isOpen }) => context.credential === 'invalid' && isOpen),
);
