import { DIALECTS, isSocket, type Dialect, type SocketDialect } from '../../../protocol/dialects.ts';
import { RUNNER_DIALECTS } from '../../dialects/dialects.ts';
import { mostCommon, ofScenarios, type AboutRun, type ClientCause } from './cause.ts';
import type { ReceivedRequest, PlayFacts } from './play-facts.ts';

const APIS: Readonly<Record<Exclude<Dialect, SocketDialect>, string>> = {
  'scriptix-rest': 'the REST API of Scriptix',
  'reson8-rest': 'the REST API of Reson8',
};

function nameOf(dialect: Dialect): string {
  if (!isSocket(dialect)) return APIS[dialect];
  return `${RUNNER_DIALECTS[dialect].fullTitle} (${DIALECTS[dialect].paths[0]})`;
}

const LONGEST_PATH = 80;

/**
 * The cause if a client never connects where it is judged: it uses another path or another service, or makes calls
 * instead.
 */
export function placeCause(plays: readonly PlayFacts[], { dialect }: AboutRun): readonly ClientCause[] {
  const isOfCalls = !isSocket(dialect);
  const asked = (play: PlayFacts): readonly ReceivedRequest[] => (isOfCalls ? play.calls : play.connections);
  if (plays.some((play) => asked(play).some(({ at }) => at === dialect))) return [];
  const own = plays.filter((play) => asked(play).length > 0);
  const [what, meant] = isOfCalls ? ['call', 'calls'] : ['connection', 'connects to'];
  if (own.length === 0) {
    const instead = isOfCalls ? 'connected without any' : 'made calls and no';
    const where = ofScenarios(plays.length, plays.length);
    return [reason(`The client ${instead} ${what} in ${where}, and what is judged is ${nameOf(dialect)}.`)];
  }
  const first = own.flatMap((play) => asked(play).slice(0, 1));
  const { value } = mostCommon(first.map(({ conversation }) => conversation.path));
  const { at } = first.find(({ conversation }) => conversation.path === value) ?? {};
  const path = value.length > LONGEST_PATH ? `${value.slice(0, LONGEST_PATH)}…` : value;
  const where = ofScenarios(own.length, plays.length);
  const did = isOfCalls ? 'called' : 'connected to';
  return [
    reason(
      at === undefined
        ? `The client ${did} ${path} in ${where}, where no service has anything: a client of ${dialect} ${meant} ${nameOf(dialect)}.`
        : `The client ${did} ${path} in ${where}, which is ${nameOf(at).replace(/ \(.*/, '')}: is --dialect ${dialect} right?`,
    ),
  ];
}

function reason(sentence: string): ClientCause {
  return { sentence, isReason: true };
}
