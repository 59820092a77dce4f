import { CONNECTION_STATES, STATES_BEYOND } from '../../../protocol/scriptix/messages.ts';
import type { Conversation, Heard, Moment, Said } from '../../conversation.ts';
import type { ServerMessage } from '../../dialects/read.ts';
import { broken, held, type Invariant, type Occasion, type Play } from '../../invariant.ts';
import { shown } from '../../shown.ts';
import { isWhole, leavingOf, perConnection, serverLeavingOf } from './conversations.ts';
import { evidence } from './evidence.ts';
import { firstAfter } from './first-after.ts';
import { clientReports, isFailureReport, type ClientReport } from './reports.ts';

/** That a client goes on after a message which it need not know (S1:16,35,42). */
export const survival: readonly Invariant[] = [
  survives('SX-STATE-007', hasUnknownState, 'a state that it does not know'),
  survives('SX-MSG-003', hasUnknownFields, 'fields that it does not know'),
  survives('SX-FIN-020', ({ kind, fields }) => kind === 'final' && Array.isArray(fields['words']), 'a final'),
];

const KNOWN_STATES: readonly unknown[] = [...CONNECTION_STATES, ...STATES_BEYOND];

function hasUnknownState({ kind, fields }: ServerMessage): boolean {
  return kind === 'state' && typeof fields['state'] === 'string' && !KNOWN_STATES.includes(fields['state']);
}

/** The fields of every kind, with those that are known from elsewhere. */
const FIELDS: Readonly<Partial<Record<ServerMessage['kind'], readonly string[]>>> = {
  partial: ['text', 'is_final', 'offset_ms', 'stability'],
  final: ['text', 'is_final', 'offset_ms', 'words', 'speaker'],
  state: ['state'],
  error: ['error'],
};

function hasUnknownFields({ kind, fields }: ServerMessage): boolean {
  const known = FIELDS[kind];
  return (
    known !== undefined && fields !== undefined && Object.keys(fields).some((key) => !known.includes(key))
  );
}

/** Within so long a client that stumbles falls: what it sent meanwhile was under way. */
const FALL_MS = 1000;

/** A page that is left, and a close without a code, are orderly ends, too, though not the documented one. */
const ORDERLY = [1000, 1001, 1005];

function survives(id: string, isMeant: (message: ServerMessage) => boolean, what: string): Invariant {
  return perConnection(id, function* (conversation, play) {
    if (!isWhole(conversation)) return;
    const life = lifeOf(conversation, play);
    // What a client has survived once does not make it fall later.
    const survived = new Set<string>();
    for (const heard of conversation.heard) {
      if (heard.index > life.trouble) return;
      if (!isMeant(heard.message)) continue;
      const form = formOf(heard.message);
      for (const occasion of after(heard, life, what)) {
        if (occasion.outcome === 'held' || !survived.has(form)) yield occasion;
        if (occasion.outcome === 'held') survived.add(form);
      }
    }
  });
}

/**
 * What a client did until it may have had another reason to end: an error message, one of no kind that it knows, bytes
 * that are no message, or the server's end.
 */
interface Life {
  readonly trouble: number;
  readonly said: readonly Said[];
  readonly failures: readonly ClientReport[];
  readonly progress: readonly ClientReport[];
  readonly left: Moment | undefined;
  readonly stop: Said | undefined;
}

const REASONS: readonly ServerMessage['kind'][] = ['error', 'other', 'unreadable'];

function lifeOf(conversation: Conversation, play: Play): Life {
  const { heard, said, end, moments } = conversation;
  const troubles = [
    heard.find(({ message }) => REASONS.includes(message.kind)),
    moments.find(({ event }) => event.kind === 'bytes' && event.from === 'server'),
    serverLeavingOf(conversation),
    end?.event.by === 'client' ? undefined : end,
  ];
  const trouble = Math.min(...troubles.map((each) => each?.index ?? Infinity));
  const isBefore = ({ index }: { readonly index: number }) => index < trouble;
  const own = clientReports(conversation, play).own.filter(isBefore);
  const left = leavingOf(conversation);
  return {
    trouble,
    said: said.filter(isBefore),
    failures: own.filter(isFailureReport),
    progress: own.filter(isProgress),
    left: left !== undefined && isBefore(left) ? left : undefined,
    stop: said.find(({ message }) => message.kind === 'stop'),
  };
}

function formOf({ kind, fields = {} }: ServerMessage): string {
  return kind === 'state' ? shown(fields) : Object.keys(fields).sort().join();
}

/** Whether it fell: it ended the connection without order, or told of an error. A later report shows that it did not. */
function* after({ index, event, message }: Heard, life: Life, what: string): Iterable<Occasion> {
  const left = life.left !== undefined && life.left.index > index ? life.left : undefined;
  const isOrderly = left?.event.kind === 'close' && ORDERLY.includes(left.event.code);
  const failure = firstAfter(life.failures, index);
  const told = firstAfter(life.progress, index);
  const goesOn = firstAfter(life.said, index);
  const expected = `a client that goes on after ${what}: ${shown(message.fields)}`;
  const isSoon = (atMs: number) => atMs - event.atMs <= FALL_MS;
  if (failure !== undefined && isSoon(failure.atMs)) {
    yield broken(evidence(index, failure.index), expected, `an error: ${shown(failure.report)}`);
  } else if (told !== undefined) yield held(...evidence(index, told.index));
  else if (left !== undefined && !isOrderly && (isSoon(left.event.atMs) || goesOn === undefined)) {
    // Who has said stop waits for nothing more than this.
    if (life.stop !== undefined && life.stop.index < index) return;
    yield broken(evidence(index, left.index), expected, `the client left: ${toldOf(left.event)}`);
  } else if (goesOn !== undefined) yield held(...evidence(index, goesOn.index));
  else if (left?.event.kind === 'close' && left.event.code === 1000) {
    yield held(...evidence(index, left.index));
  }
}

function isProgress({ report }: ClientReport): boolean {
  return ['display', 'final', 'state'].includes(String(report['event']));
}

function toldOf(event: Moment['event']): string {
  if (event.kind === 'close') return `Close ${event.code}`;
  return event.kind === 'end' ? `the connection ended (${event.how})` : event.kind;
}
