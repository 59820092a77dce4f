import type { Dialect } from '../../../protocol/dialects.ts';
import { PATHS as RESON8 } from '../../../protocol/reson8/handshake.ts';
import { PATHS as SCRIPTIX } from '../../../protocol/scriptix/handshake.ts';
import { mostCommon, ofScenarios, type AboutRun, type ClientCause } from './cause.ts';
import type { Asked, PlayFacts } from './play-facts.ts';

const NAMES: Readonly<Record<Dialect, string>> = {
  scriptix: `the microphone socket of Scriptix (${SCRIPTIX.microphone})`,
  'scriptix-stream': `the stream socket of Scriptix (${SCRIPTIX.stream})`,
  'scriptix-rest': 'the REST API of Scriptix',
  reson8: `the socket of Reson8 (${RESON8.realtime})`,
};
const LONGEST_PATH = 80;

/** A client that never asks for what it is judged by: another path, another service, calls instead of a connection. */
export function placeCause(plays: readonly PlayFacts[], { dialect }: AboutRun): readonly ClientCause[] {
  const asked = (play: PlayFacts): readonly Asked[] =>
    dialect === 'scriptix-rest' ? play.calls : play.connections;
  if (plays.some((play) => asked(play).some(({ at }) => at === dialect))) return [];
  const own = plays.filter((play) => asked(play).length > 0);
  const [what, meant] = dialect === 'scriptix-rest' ? ['call', 'calls'] : ['connection', 'connects to'];
  if (own.length === 0) {
    const instead = dialect === 'scriptix-rest' ? 'connected without any' : 'made calls and no';
    const where = ofScenarios(plays.length, plays.length);
    return [reason(`The client ${instead} ${what} in ${where}, and what is judged is ${NAMES[dialect]}.`)];
  }
  const first = own.flatMap((play) => asked(play).slice(0, 1));
  const { value } = mostCommon(first.map(({ conversation }) => conversation.path));
  const { at } = first.find(({ conversation }) => conversation.path === value) ?? {};
  const path = value.length > LONGEST_PATH ? `${value.slice(0, LONGEST_PATH)}…` : value;
  const where = ofScenarios(own.length, plays.length);
  const did = dialect === 'scriptix-rest' ? 'called' : 'connected to';
  return [
    reason(
      at === undefined
        ? `The client ${did} ${path} in ${where}, where no service has anything: a client of ${dialect} ${meant} ${NAMES[dialect]}.`
        : `The client ${did} ${path} in ${where}, which is ${NAMES[at].replace(/ \(.*/, '')}: is --dialect ${dialect} right?`,
    ),
  ];
}

function reason(sentence: string): ClientCause {
  return { sentence, isReason: true };
}
