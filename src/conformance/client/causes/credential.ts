import { keysOf } from '../../../runtime/json/fields.ts';
import { fateOf, type Fate } from '../../causes/fate.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import { callIn } from '../../invariants/reson8/rest/calls.ts';
import { issuedBy } from '../../invariants/reson8/rest/issued.ts';
import type { AboutRun, ClientCause, Handed } from './cause.ts';
import type { ReceivedRequest, PlayFacts } from './play-facts.ts';

/** The cause if a client does not send the credential that it was given: all other findings follow from that. */
export function credentialCause(
  plays: readonly PlayFacts[],
  { handed, isAttached }: AboutRun,
): readonly ClientCause[] {
  // An externally started client may have a token of its own.
  if (isAttached) return [];
  const read = plays.flatMap(({ connections, calls }) => {
    const made = tokensMadeFrom(handed, calls);
    const all = [
      ...connections.map((each) => ({ ...each, what: 'connections' as const })),
      ...calls.map((each) => ({ ...each, what: 'calls' as const })),
    ];
    const answered = all.filter(({ status }) => status !== undefined);
    return answered.map((each) => ({ ...each, brought: broughtBy(each, handed, made) }));
  });
  const own = read.filter(({ brought }) => brought === 'its own');
  // A scenario may refuse everyone, so one refusal shows nothing.
  const isMisplaced = !own.some(isTaken) && own.filter(isRefused).length > MOST_SCENARIOS_THAT_REFUSE;
  const found = read.map((each) =>
    isMisplaced && each.brought === 'its own' ? { ...each, brought: 'misplaced' as const } : each,
  );
  return BAD.flatMap((brought) => {
    // What a scenario answers to everyone says nothing about the credential.
    const own = found.filter((each) => each.brought === brought && (isRefused(each) || isTaken(each)));
    const refused = own.filter(isRefused);
    const [first] = refused;
    if (first === undefined) return [];
    const what = [...new Set(own.map((each) => each.what))].join(' and ');
    // If the right credential was never sent, the service's answer to it is unknown.
    const isTotal = !found.some((each) => each.brought === 'its own' && each.what === first.what);
    const count = `${refused.length} of ${own.length} ${what} were refused (${toldOf(first)})`;
    const sentence = `The client sent ${SAID[brought]}: ${count}.`;
    return [{ sentence, isReason: isTotal, ...(isTotal ? { isCut: true as const } : {}) }];
  });
}

const MOST_SCENARIOS_THAT_REFUSE = 2;
const SAID = {
  another: 'another credential than UNDERSTUDY_TOKEN',
  misspelt: 'UNDERSTUDY_TOKEN in another spelling than percent-encoded once',
  misplaced: 'UNDERSTUDY_TOKEN where the service does not look for it',
  none: 'no credential where the service looks for one',
} as const;
const BAD = keysOf(SAID);

function isRefused({ conversation, at }: ReceivedRequest): boolean {
  const fate = fateAt(conversation, at);
  return fate?.kind === 'refused' && fate.why === 'credential';
}

function isTaken({ conversation, at }: ReceivedRequest): boolean {
  const fate = fateAt(conversation, at);
  return fate !== undefined && fate.kind !== 'refused' && conversation.response !== undefined;
}

function toldOf({ conversation, at }: ReceivedRequest): string {
  const fate = fateAt(conversation, at);
  return fate?.kind === 'refused' ? fate.told : 'refused';
}

/** Streams are refused by a message. */
function fateAt(conversation: Conversation, at: ReceivedRequest['at']): Fate | undefined {
  return at === undefined ? undefined : fateOf(conversation, at);
}

/** The stand-ins of the access tokens that a client got for the credential that it was given. */
function tokensMadeFrom(handed: Handed, calls: readonly ReceivedRequest[]): ReadonlySet<string> {
  const made = new Set<string>();
  for (const each of calls) {
    const call = callIn(each.conversation);
    const issued = call === undefined ? undefined : issuedBy(call);
    if (issued !== undefined && broughtBy(each, handed, made) === 'its own') made.add(issued.token);
  }
  return made;
}

const STAND_IN = /redacted-(?:\d+|more)/g;
/** Parameters and headers with other secrets. */
const OTHERS = ['url', 'cookie', 'user-agent', 'referer', 'origin', 'host'];

function broughtBy(
  { request, conversation }: ReceivedRequest,
  { token, spellings }: Handed,
  made: ReadonlySet<string>,
) {
  const query = [...conversation.query].filter(([name]) => !OTHERS.includes(name));
  const headers = Object.entries(request.headers).filter(([name]) => !OTHERS.includes(name.toLowerCase()));
  const places = [conversation.path, ...[...query, ...headers].map(([, value]) => value)];
  const found = places.flatMap((text) => text.match(STAND_IN) ?? []);
  if (found.some((each) => each === token || made.has(each))) return 'its own';
  if (found.length === 0) return 'none';
  return found.some((each) => spellings.includes(each)) ? 'misspelt' : 'another';
}

/**
 * The result of putting a token into a URL unencoded, encoding it twice, or decoding it where it should not be decoded.
 */
export function misspelt(token: string): readonly string[] {
  const forms = new Set([
    encodeURIComponent(token),
    decoded(token),
    token.replaceAll('+', ' '),
    decoded(token).replaceAll('+', ' '),
    new URLSearchParams(`token=${token}`).get('token') ?? '',
    new URLSearchParams(`token=${encodeURI(token)}`).get('token') ?? '',
    token.split(/[#?&/]/)[0] ?? '',
    decoded(token.split(/[#?&/]/)[0] ?? ''),
    token.trim(),
    `${token}\n`,
    JSON.stringify(token),
  ]);
  return [...forms].filter((form) => form !== token && form !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
