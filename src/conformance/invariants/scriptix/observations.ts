import type { Conversation, Heard } from '../../conversation.ts';
import type { Observe } from '../../invariant.ts';
import { shown } from '../../shown.ts';
import { normalise } from '../../text/normalise.ts';
import { leavingOf, serverLeavingOf } from './conversations.ts';
import { finalsOf, finite, partialsOf, resultsOf, type Result } from './results.ts';
import { segmentsOf } from './segments.ts';

type Dialects = readonly Conversation['dialect'][];

const MICROPHONE: Dialects = ['scriptix'];
const STREAM: Dialects = ['scriptix-stream'];
const BOTH: Dialects = [...MICROPHONE, ...STREAM];

/** What is told of a Scriptix subject and scored by nobody: some of SX-I01 to SX-I13, and how partials change (A5). */
export const SCRIPTIX_OBSERVATIONS: readonly Observe[] = [
  observe('SX-I01', MICROPHONE, startOptions),
  observe('SX-I02', MICROPHONE, ({ heard }) => counted(heard.filter(isListening), 'listening')),
  observe('SX-I03', MICROPHONE, earlyAudio),
  observe('SX-I04', BOTH, (conversation) => {
    return counted(partialsOf(conversation).filter(has('words')), 'partials with words');
  }),
  observe('SX-I05', BOTH, fallingStability),
  observe('SX-I06', BOTH, (conversation) => {
    return counted(finalsOf(conversation).filter(has('stability')), 'finals with stability');
  }),
  observe('SX-I07', BOTH, ({ moments }) => {
    return moments.flatMap(({ event }) => {
      return event.kind === 'close' && event.code !== 1000
        ? [`the ${event.from} closed with ${event.code}`]
        : [];
    });
  }),
  observe('SX-I08', BOTH, errorToClose),
  observe('SX-I09', STREAM, streamEnd),
  observe('SX-I11', STREAM, ({ heard }) => {
    return heard.flatMap(({ message: { kind, fields } }) => {
      const error = kind === 'error' ? fields['error'] : undefined;
      const isMeant = typeof error === 'string' && /\bcors\b|cross-origin/i.test(error);
      return isMeant ? [`an error about other origins: ${shown(error)}`] : [];
    });
  }),
  observe('SX-I12', BOTH, latencies),
  observe('SX-I13', ['scriptix-rest'], ({ request, response }) => {
    if (request?.event.method !== 'POST') return [];
    if (Object.keys(request.event.headers).some((name) => name.toLowerCase() === 'content-type')) return [];
    return [`POST without content-type was answered with ${response?.event.status ?? 'nothing'}`];
  }),
  observe('SX-PART-011', BOTH, changes),
];

/** Looks at every connection by itself. */
function observe(
  id: string,
  dialects: Dialects,
  tell: (conversation: Conversation) => readonly string[],
): Observe {
  return ({ conversations }) =>
    conversations
      .filter(({ dialect }) => dialects.includes(dialect))
      .flatMap((each) => tell(each).map((text) => ({ id, text })));
}

function counted(all: readonly unknown[], what: string): readonly string[] {
  return all.length === 0 ? [] : [`${what}, ${all.length} times`];
}

function has(key: string): (result: Result) => boolean {
  return ({ fields }) => Object.hasOwn(fields, key);
}

function isListening({ message }: Heard): boolean {
  return message.kind === 'state' && message.fields['state'] === 'listening';
}

/** Only their names: an option may hold the token. */
function startOptions({ said }: Conversation): readonly string[] {
  return said.flatMap(({ message }) => {
    if (message.kind !== 'start') return [];
    const options = Object.keys(message.fields ?? {}).filter((key) => key !== 'action');
    return options.length === 0 ? [] : [`start with the options ${shown(options)}`];
  });
}

/** Audio before listening was not thrown away if its words came back; that cannot be seen, that it went on can. */
function earlyAudio(conversation: Conversation): readonly string[] {
  const audio = conversation.said.find(({ message }) => message.kind === 'audio');
  const listening = conversation.heard.find(isListening);
  const [result] = resultsOf(conversation);
  if (audio === undefined || result === undefined || audio.index > (listening?.index ?? Infinity)) return [];
  return [`audio was sent before ${listening === undefined ? 'any' : 'the'} listening, and results came`];
}

function fallingStability(conversation: Conversation): readonly string[] {
  const { segments } = segmentsOf(conversation);
  const falls = segments.flatMap(({ partials }) => {
    const all = partials.flatMap(({ fields }) => finite(fields['stability']) ?? []);
    return all.filter((each, i) => each < (all[i - 1] ?? each));
  });
  return counted(falls, 'a stability below the one before in its segment');
}

function errorToClose(conversation: Conversation): readonly string[] {
  const error = conversation.heard.find(({ message }) => message.kind === 'error');
  const close = serverLeavingOf(conversation);
  if (error === undefined) return [];
  if (close === undefined) return ['an error, and no close of the server after it'];
  return [`${Math.round(close.event.atMs - error.event.atMs)} ms from the error to the close`];
}

function streamEnd(conversation: Conversation): readonly string[] {
  const { heard, end } = conversation;
  const close = serverLeavingOf(conversation);
  const last = heard.at(-1)?.message.kind ?? 'no message';
  if (close !== undefined) return [`the server closed with ${close.event.code} after ${last}`];
  if (leavingOf(conversation) !== undefined) return [`the client left after ${last}`];
  return end === undefined ? [] : [`the connection ended (${end.event.how}) after ${last}`];
}

function latencies(conversation: Conversation): readonly string[] {
  const audio = conversation.said.find(({ message }) => message.kind === 'audio');
  const [partial] = partialsOf(conversation);
  const told: string[] = [];
  if (audio !== undefined && partial !== undefined && partial.index > audio.index) {
    told.push(`${Math.round(partial.atMs - audio.event.atMs)} ms from the first audio to the first partial`);
  }
  const waits = segmentsOf(conversation).segments.flatMap(({ partials, final }) => {
    const last = partials.at(-1);
    return last === undefined || final === undefined ? [] : Math.round(final.atMs - last.atMs);
  });
  if (waits.length > 0) {
    const [least, most] = [waits.reduce((a, b) => Math.min(a, b)), waits.reduce((a, b) => Math.max(a, b))];
    told.push(`${least === most ? least : `${least} to ${most}`} ms from the last partial to its final`);
  }
  return told;
}

/** A5: how often a partial is not the one before with more at its end. */
function changes(conversation: Conversation): readonly string[] {
  const updates = segmentsOf(conversation).segments.flatMap(({ partials }) => {
    const texts = partials.flatMap(({ text }) => (text === undefined ? [] : normalise(text)));
    return texts.slice(1).map((text, i) => text.startsWith(texts[i] ?? ''));
  });
  const changed = updates.filter((grew) => !grew).length;
  return updates.length === 0 ? [] : [`${changed} of ${updates.length} partials change the one before them`];
}
