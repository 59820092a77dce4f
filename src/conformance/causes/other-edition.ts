import { VENDORS, vendorOf, type Vendor } from '../../protocol/dialects.ts';
import { reson8Edition, scriptixEdition, type EditionNames } from '../../protocol/editions.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { isFlagged, isKaldi } from '../conversation/kaldi-results.ts';
import type { Fields } from '../conversation/read-message.ts';
import type { Play } from '../judge/invariant.ts';
import { bothNames } from '../report/both-names.ts';

/** The edition that something looks like, and what looks like it. */
interface Likeness {
  readonly name: string;
  readonly shown: string;
}

/**
 * A server that follows another edition than the one it is judged by breaks a lot, all of it for one reason: a sentence
 * for each such service.
 */
export function otherEdition(plays: readonly Play[]): readonly string[] {
  const all = plays.flatMap(({ conversations }) => conversations);
  return VENDORS.flatMap((service) => {
    const own = all.filter(({ dialect }) => dialect !== undefined && vendorOf(dialect) === service);
    const judged = own[0]?.editions;
    const found = judged === undefined ? undefined : LIKENESS[service](own, judged);
    if (judged === undefined || found === undefined) return [];
    return [
      `This looks like the edition ${found.name} of ${service} (${found.shown}), and it was judged by ${judged[service]}: try ${bothNames(`--edition ${service}=${found.name}`, 'editions')}.`,
    ];
  });
}

const LIKENESS: Readonly<
  Record<Vendor, (all: readonly Conversation[], judged: EditionNames) => Likeness | undefined>
> = { scriptix: scriptixLike, reson8: reson8Like };

/** Only if every result, or every opening, is as in the other edition. */
function scriptixLike(all: readonly Conversation[], judged: EditionNames): Likeness | undefined {
  const { results, opensWith } = scriptixEdition(judged);
  const messages = all.flatMap(wiresOf);
  const [kaldi, flagged] = [messages.some(isKaldi), messages.some(isFlagged)];
  const loads = messages.some(({ state }) => state === 'loading');
  if (results === 'flagged' && kaldi && !flagged) {
    return { name: 'kaldi', shown: 'its results are partial and result' };
  }
  if (results === 'kaldi' && flagged && !kaldi) {
    return { name: loads ? 'documents' : 'examples', shown: 'its results have is_final' };
  }
  return opensWith === 'listening' && all.some(isLoadingFirst) && !all.some(isListeningFirst)
    ? { name: kaldi ? 'kaldi' : 'documents', shown: 'it says loading first' }
    : undefined;
}

function isLoadingFirst(conversation: Conversation): boolean {
  return firstState(conversation) === 'loading';
}

function isListeningFirst(conversation: Conversation): boolean {
  return firstState(conversation) === 'listening';
}

function firstState({ heard }: Conversation): unknown {
  return heard[0]?.message.wire?.['state'];
}

/** By where its refused upgrades give the reason. */
function reson8Like(all: readonly Conversation[], judged: EditionNames): Likeness | undefined {
  const { refusals } = reson8Edition(judged);
  const refused = all.flatMap(({ response, request }) =>
    response !== undefined && response.event.status >= 400 && isUpgrade(request?.event.headers)
      ? [response.event]
      : [],
  );
  const inHeader = refused.some(({ headers }) => names(headers).includes('x-error-message'));
  const inBody = refused.some(({ body }) => /"code"\s*:/.test(body ?? ''));
  if (refusals === 'body' && inHeader && !inBody) {
    return { name: '2026-08', shown: 'its refusals have X-Error-Message' };
  }
  return refusals === 'header' && inBody && !inHeader
    ? { name: 'documents', shown: 'its refusals have a body with a code' }
    : undefined;
}

function isUpgrade(headers: Readonly<Record<string, string>> = {}): boolean {
  return names(headers).includes('upgrade');
}

function names(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(headers).map((name) => name.toLowerCase());
}

function wiresOf({ heard }: Conversation): readonly Fields[] {
  return heard.flatMap(({ message: { wire } }) => (wire === undefined ? [] : [wire]));
}
