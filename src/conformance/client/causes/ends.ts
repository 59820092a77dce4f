import { grouped } from '../../../runtime/grouped.ts';
import { mostCommon, ofScenarios, type AboutRun, type ClientCause } from './cause.ts';
import { hasActed, type PlayFacts } from './play-facts.ts';

/** What the ends of all programs show together. */
export interface Ends {
  readonly causes: readonly ClientCause[];
  /** Whether the client did nothing in any scenario, so that nothing else can be said about it. */
  readonly isSilent: boolean;
}

/** At most this many scenarios are named. */
const MOST_NAMED = 3;

/** What programs that did nothing, were killed, or did not end have in common. */
export function endCauses(plays: readonly PlayFacts[], { timeoutMs, isAttached }: AboutRun): Ends {
  const idle = plays.filter((play) => !hasActed(play));
  const stopped = plays.filter(({ end }) => end === 'stopped');
  const isSilent = idle.length === plays.length;
  if (isSilent && stopped.length === 0) {
    return { isSilent, causes: [cut(isAttached ? 'No one connected.' : silence(plays, timeoutMs), true)] };
  }
  const groups: readonly (readonly [string, readonly PlayFacts[]])[] = [
    ['The client was stopped, as the run was,', stopped],
    ...killed(plays),
    [
      `The client had not ended after ${timeoutMs / 1000} s (--timeout), and was killed,`,
      plays.filter(({ end }) => end === 'timeout'),
    ],
    // Other ways of ending have been reported already.
    [
      'The client neither connected nor called anything',
      idle.filter(({ end }) => end === undefined || end.startsWith('exited')),
    ],
  ];
  const causes = groups.flatMap(([what, own]) =>
    own.length === 0 ? [] : [cut(`${what} in ${placesOf(own, plays.length)}.`, false)],
  );
  const crash = commonCrash(plays);
  return { isSilent, causes: [...causes, ...(crash === undefined ? [] : [crash])] };
}

function cut(sentence: string, isReason: boolean): ClientCause {
  return { sentence, isReason, isCut: true };
}

function killed(plays: readonly PlayFacts[]): readonly (readonly [string, readonly PlayFacts[]])[] {
  const dead = plays.filter(({ end }) => end?.startsWith('killed by') === true);
  return [...grouped(dead, ({ end = '' }) => end)].map(([end, own]) => [`The client was ${end}`, own]);
}

function placesOf(own: readonly PlayFacts[], all: number): string {
  const places = ofScenarios(own.length, all);
  const names = own.map(({ name }) => name);
  return own.length > MOST_NAMED || (own.length === all && all > 1) ? places : names.join(', ');
}

/** For a client that has shown nothing but how it ended. */
function silence(plays: readonly PlayFacts[], timeoutMs: number): string {
  const where = plays.length === 1 ? ofScenarios(1, 1) : `any of ${plays.length} scenarios`;
  const what = `The client neither connected nor called anything in ${where}`;
  const { value: end, count } = mostCommon(plays.map((play) => play.end ?? ''));
  if (end === '' || count < plays.length) return `${what}: does it connect to UNDERSTUDY_URL?`;
  const said = mostCommon(plays.map(({ words }) => words));
  const words = said.value === '' || said.count < plays.length ? '' : `, with the words "${said.value}"`;
  const isDecided = words !== '' || !end.startsWith('exited');
  return `${what} and ${endInWords(end, timeoutMs)}${words}${isDecided ? '.' : ': does it connect to UNDERSTUDY_URL?'}`;
}

function endInWords(end: string, timeoutMs: number): string {
  if (end === 'timeout') return `had not ended after ${timeoutMs / 1000} s (--timeout)`;
  const [, code] = /^exited (\d+)$/.exec(end) ?? [];
  return code === undefined ? `was ${end}` : `exited with code ${code}`;
}

/** The same output and a code other than 0 in all scenarios: a common crash, whatever the client did before. */
function commonCrash(plays: readonly PlayFacts[]): ClientCause | undefined {
  const [first] = plays;
  if (plays.length < 2 || first?.words === '' || first?.end?.startsWith('exited') !== true) return undefined;
  if (first.end === 'exited 0' || plays.some(({ end, words }) => end !== first.end || words !== first.words))
    return undefined;
  const sentence = `The client ${endInWords(first.end, 0)} in ${ofScenarios(plays.length, plays.length)}, with the words "${first.words}".`;
  return { sentence, isReason: false };
}
