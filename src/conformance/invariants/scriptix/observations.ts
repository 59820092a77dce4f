import { leavingOf, serverLeavingOf } from '../shared/ending.ts';
import type { TopicId, RequirementId } from '../../../protocol/requirements.ts';
import type { Conversation, Heard } from '../../conversation/conversation.ts';
import type { Observe } from '../../judge/invariant.ts';
import { shown } from '../../text/shown.ts';
import { normalise } from '../../text/normalise.ts';
import { finalsOf, finite, partialsOf, resultsOf, type Result } from './results.ts';
import { segmentsOf } from './partials/segments.ts';

type Dialects = readonly Conversation['dialect'][];

const MICROPHONE: Dialects = ['scriptix'];
const STREAM: Dialects = ['scriptix-stream'];
const BOTH: Dialects = [...MICROPHONE, ...STREAM];

/** Facts about a Scriptix peer that affect no verdict: some of SX-I01 to SX-I13, and how partials change (A5). */
export const SCRIPTIX_OBSERVATIONS: readonly Observe[] = [
  observe('SX-I01', MICROPHONE, startOptions),
  observe('SX-I02', MICROPHONE, ({ heard }) =>
    counted(heard.filter(isListening), 'the state listening was sent'),
  ),
  observe('SX-I03', MICROPHONE, earlyAudio),
  observe('SX-I04', BOTH, (conversation) => {
    return counted(partialsOf(conversation).filter(has('words')), 'a partial carried words');
  }),
  observe('SX-I05', BOTH, fallingStability),
  observe('SX-I06', BOTH, (conversation) => {
    return counted(finalsOf(conversation).filter(has('stability')), 'a final carried stability');
  }),
  observe('SX-I07', BOTH, ({ moments }) => {
    return moments.flatMap(({ event }) => {
      return event.kind === 'close' && event.code !== 1000
        ? [`the ${event.from} closed the connection with ${event.code}`]
        : [];
    });
  }),
  observe('SX-I08', BOTH, errorToClose),
  observe('SX-I09', STREAM, streamEnd),
  observe('SX-I11', STREAM, ({ heard }) => {
    return heard.flatMap(({ message: { kind, fields } }) => {
      const error = kind === 'error' ? fields['error'] : undefined;
      const isMeant = typeof error === 'string' && /\bcors\b|cross-origin/i.test(error);
      return isMeant ? [`an error spoke of other origins: ${shown(error)}`] : [];
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

/** Looks at every connection separately. */
function observe(
  id: TopicId | RequirementId,
  dialects: Dialects,
  tell: (conversation: Conversation) => readonly string[],
): Observe {
  return ({ conversations }) =>
    conversations
      .filter(({ dialect }) => dialects.includes(dialect))
      .flatMap((each) => tell(each).map((text) => ({ id, text })));
}

/** What happened on a connection, and how often if more than once. */
function counted({ length }: readonly unknown[], what: string): readonly string[] {
  if (length === 0) return [];
  return [length === 1 ? what : `${what} ${length} times on one connection`];
}

function has(key: string): (result: Result) => boolean {
  return ({ fields }) => Object.hasOwn(fields, key);
}

function isListening({ message }: Heard): boolean {
  return message.kind === 'state' && message.fields['state'] === 'listening';
}

/** Only the names of the options, because one of them may hold the token. */
function startOptions({ said }: Conversation): readonly string[] {
  return said.flatMap(({ message }) => {
    if (message.kind !== 'start') return [];
    const options = Object.keys(message.fields ?? {}).filter((key) => key !== 'action');
    return options.length === 0 ? [] : [`the start command carried the options ${shown(options)}`];
  });
}

/** Whether audio before listening was used cannot be observed; whether the session continued can. */
function earlyAudio(conversation: Conversation): readonly string[] {
  const audio = conversation.said.find(({ message }) => message.kind === 'audio');
  const listening = conversation.heard.find(isListening);
  const [result] = resultsOf(conversation);
  if (audio === undefined || result === undefined || audio.index > (listening?.index ?? Infinity)) return [];
  return [
    listening === undefined
      ? 'audio was sent without waiting for the state listening, which never came, and results came'
      : 'audio was sent before the state listening, and results came',
  ];
}

function fallingStability(conversation: Conversation): readonly string[] {
  const { segments } = segmentsOf(conversation);
  const falls = segments.flatMap(({ partials }) => {
    const all = partials.flatMap(({ fields }) => finite(fields['stability']) ?? []);
    return all.filter((each, i) => each < (all[i - 1] ?? each));
  });
  return counted(falls, 'stability fell within a segment');
}

function errorToClose(conversation: Conversation): readonly string[] {
  const error = conversation.heard.find(({ message }) => message.kind === 'error');
  const close = serverLeavingOf(conversation);
  if (error === undefined) return [];
  if (close === undefined) return ['the server sent an error and did not close the connection after it'];
  return [`the server closed ${Math.round(close.event.atMs - error.event.atMs)} ms after its error`];
}

function streamEnd(conversation: Conversation): readonly string[] {
  const { heard, end } = conversation;
  const close = serverLeavingOf(conversation);
  const { kind } = heard.at(-1)?.message ?? {};
  const last = kind === undefined ? 'no message' : `a message of kind ${kind}`;
  if (close !== undefined) return [`the server closed with ${close.event.code} after ${last}`];
  if (leavingOf(conversation) !== undefined) return [`the client left after ${last}`];
  return end === undefined ? [] : [`the connection ended (${end.event.how}) after ${last}`];
}

function latencies(conversation: Conversation): readonly string[] {
  const audio = conversation.said.find(({ message }) => message.kind === 'audio');
  const [partial] = partialsOf(conversation);
  const told: string[] = [];
  if (audio !== undefined && partial !== undefined && partial.index > audio.index) {
    told.push(
      `the first partial came ${Math.round(partial.atMs - audio.event.atMs)} ms after the first audio`,
    );
  }
  const waits = segmentsOf(conversation).segments.flatMap(({ partials, final }) => {
    const last = partials.at(-1);
    return last === undefined || final === undefined ? [] : Math.round(final.atMs - last.atMs);
  });
  if (waits.length > 0) {
    const [least, most] = [waits.reduce((a, b) => Math.min(a, b)), waits.reduce((a, b) => Math.max(a, b))];
    told.push(
      `a final came ${least === most ? least : `${least} to ${most}`} ms after the last partial of its segment`,
    );
  }
  return told;
}

/** A5: how often a partial does not continue the previous one. */
function changes(conversation: Conversation): readonly string[] {
  const updates = segmentsOf(conversation).segments.flatMap(({ partials }) => {
    const texts = partials.flatMap(({ text }) => (text === undefined ? [] : normalise(text)));
    return texts.slice(1).map((text, i) => text.startsWith(texts[i] ?? ''));
  });
  const changed = updates.filter((grew) => !grew).length;
  return updates.length === 0
    ? []
    : [`${changed} of ${updates.length} partials changed what the one before them said`];
}
