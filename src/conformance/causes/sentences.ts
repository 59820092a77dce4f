import { listed } from '../../runtime/text/listed.ts';
import { DIALECTS } from '../../protocol/dialects.ts';
import { RUNNER_DIALECTS } from '../dialects/dialects.ts';
import type { TraceContext } from '../../wire/trace.ts';
import { ENDPOINTS } from '../../protocol/scriptix/rest.ts';
import type { Attempt } from './attempts.ts';
import { type Fate, type Place, isCall } from './fate.ts';
import { bothNames } from '../report/both-names.ts';

/** What the report calls the things that the user has given. */
export interface Named {
  /** The flag and the option of a credential: the same for two that are equal. */
  readonly credentialOf: (credential: TraceContext['credential']) => string;
  /** Those with the origins of the sockets and of the REST API. */
  readonly url: string;
  readonly apiUrl: string;
  /** Neither a valid nor an admin credential was given, so nothing is presented in their place. */
  readonly isWithoutAny?: boolean;
}

/** For a trace, whose observer gave no flags. */
export const OF_TRACE: Named = {
  credentialOf: (credential) => `a credential that was considered valid (${credential ?? 'unknown'})`,
  url: 'the origin',
  apiUrl: 'the origin',
};

/** The parts of a sentence. */
export interface SentenceParts {
  readonly place: Place;
  /** The name of the credential. */
  readonly name: string;
  readonly first: Attempt & { readonly fate: Extract<Fate, { kind: 'refused' }> };
  /** The number of refused requests. */
  readonly count: number;
  readonly isTotal: boolean;
}

/** The name of a place, without the token. */
function nameOf(place: Place): string {
  if (isCall(place)) return `${ENDPOINTS[place].method} ${ENDPOINTS[place].path}`;
  return `${RUNNER_DIALECTS[place].title} ${DIALECTS[place].paths[0].replace(/\/\{.*$/, '')}`;
}

/**
 * A cause of the whole run, or of everything after some moment, in one sentence; several of them are the same cause at
 * several places.
 */
export function sentenceOf(all: readonly SentenceParts[], named: Named): string {
  const [one, ...more] = all;
  if (one === undefined) return '';
  if (more.length === 0 || one.first.fate.why !== 'credential') return sentenceOfWhy(one, more, named);
  const places = all.map(({ place, first }) => `${nameOf(place)} (${first.fate.told})`);
  if (isOfNone(one, named)) return sentenceOfNone(listed(places, 'and'));
  return `The credential of ${one.name} was refused by ${listed(places, 'and')}: is it the right one, and for this service?`;
}

/** The flag for the origin of a place. */
export function urlOf(place: Place, named: Named): string {
  return isCall(place) ? named.apiUrl : named.url;
}

function sentenceOfWhy(one: SentenceParts, more: readonly SentenceParts[], named: Named): string {
  const { place, name, first, isTotal } = one;
  const { told, why } = first.fate;
  const all = [one, ...more];
  const places = [...new Set(all.map((each) => nameOf(each.place)))];
  const where = listed(places, 'and');
  const isOne = places.length === 1;
  const flag = urlOf(place, named);
  const count = all.reduce((sum, each) => sum + each.count, 0);
  const answers = listed([...new Set(all.map((each) => each.first.fate.told))], 'and');
  const answer = `${answers} for ${count === 1 ? 'the only request' : `all ${count} requests`}`;
  if (!isTotal) {
    const seconds = `${(first.askedMs / 1000).toFixed(1)} s after the run began`;
    const since = `from ${seconds} on (${told})`;
    switch (why) {
      case 'credential':
        return `The credential of ${name} was accepted by ${where} at first and refused ${since}: it has expired, or was revoked or blocked.`;
      case 'busy':
        return `${capital(where)} accepted no one ${since}: the account has no credits left, or made too many requests.`;
      default:
        return `${capital(where)} answered at first and was out of service ${since}.`;
    }
  }
  switch (why) {
    case 'credential':
      if (isOfNone(one, named)) return sentenceOfNone(`${where} (${answer})`);
      return told === 'HTTP 403' && place === 'initialize'
        ? `The credential of ${name} may not start the service: ${where} answered HTTP 403; ${bothNames('--admin-token', 'credentials.admin')} names one with the admin scope.`
        : `The credential of ${name} was refused by ${where} (${answer}): is it the right one, and for this service?`;
    case 'path':
      return `There is nothing at ${where} (${answer}): is ${flag} the origin of the service?`;
    case 'page':
      return `${capital(where)} ${isOne ? 'is' : 'are'} answered with a web page (${answer}): is ${flag} the origin of the service?`;
    case 'moved':
      return `${capital(where)} ${isOne ? 'sends' : 'send'} to another place (${answer}): is ${flag} the origin of the service, and are ws, wss, http or https right?`;
    case 'busy':
      return told === 'HTTP 402'
        ? `The account has no credits left: ${where} says so (${answer}).`
        : `There are too many requests or connections, says ${where} (${answer}).`;
    case 'service':
      return `The service is ${told === 'HTTP 503' ? 'not running' : 'out of order'}: ${where} says so (${answer}).`;
    case 'unreachable':
      return `${capital(where)} cannot be reached (${answer}): is ${flag} right, and is the service running?`;
    case 'mute':
      return `${capital(where)} accepts connections but does not answer (${answer}).`;
    case 'other':
      return `${capital(where)} accepted no one (${answer}), so nothing can be learned there: is ${flag} the origin of the service?`;
  }
}

/** Whether nothing was presented because no credential was given. */
function isOfNone({ first }: SentenceParts, { isWithoutAny = false }: Named): boolean {
  return isWithoutAny && first.credential !== 'user';
}

function sentenceOfNone(where: string): string {
  return `No credential was given, and ${where} cannot be used without one: ${bothNames('--token, or UNDERSTUDY_TOKEN', 'credentials.valid')} gives a valid one.`;
}

/** For a token that must be refused: where it was accepted and a made-up one was not, with one attempt of each kind. */
export function sentenceOfKnown(attempts: readonly Attempt[], named: Named): string {
  const places = [
    ...new Set(
      attempts.flatMap(({ place, fate }) =>
        fate.kind === 'refused' ? [`${nameOf(place)} (${fate.told})`] : [],
      ),
    ),
  ];
  return `The credential of ${named.credentialOf('invalid')} is accepted although a made-up one is refused, at ${listed(places, 'and')}: the service knows it, so it need not be refused, and how invalid ones are answered was not judged.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
