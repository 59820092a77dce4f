import type { RequirementId } from '../../../../protocol/requirements.ts';
import { CONNECTION_STATES, STATES_BEYOND } from '../../../../protocol/scriptix/messages.ts';
import type { Conversation, Heard } from '../../../conversation/conversation.ts';
import type { ServerMessage } from '../../../conversation/read-message.ts';
import type { Invariant } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { aftermathOf, survived, troubleOf } from '../../shared/aftermath.ts';
import { isWhole } from '../../shared/whole.ts';
import { perConnection } from '../conversations.ts';

/** A client must continue after a message that it need not know (S1:16,35,42). */
export const survival: readonly Invariant[] = [
  survives('SX-STATE-007', hasUnknownState, 'a state that it does not know'),
  survives('SX-MSG-003', hasUnknownFields, 'fields that it does not know'),
  survives('SX-FIN-020', ({ kind, fields }) => kind === 'final' && Array.isArray(fields['words']), 'a final'),
];

const KNOWN_STATES: readonly unknown[] = [...CONNECTION_STATES, ...STATES_BEYOND];

function hasUnknownState({ kind, fields }: ServerMessage): boolean {
  return kind === 'state' && typeof fields['state'] === 'string' && !KNOWN_STATES.includes(fields['state']);
}

/** The fields of every kind, including those known from other sources. */
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

function survives(id: RequirementId, isMeant: (message: ServerMessage) => boolean, what: string): Invariant {
  // One for each kind, because the reactions to plain messages are cached by it.
  const plain = new Map<ServerMessage['kind'], (each: Heard) => boolean>();
  const plainOf = (kind: ServerMessage['kind']) => {
    const isPlain = plain.get(kind) ?? ((each) => each.message.kind === kind && !isMeant(each.message));
    plain.set(kind, isPlain);
    return isPlain;
  };
  return perConnection(id, function* (conversation, play) {
    if (!isWhole(conversation)) return;
    const trouble = Math.min(troubleOf(conversation), strangerIn(conversation));
    const stop = conversation.said.find(({ message }) => message.kind === 'stop');
    // A client that has survived something once, or may have, does not fail because of it later.
    const known = new Set<string>();
    for (const heard of conversation.heard) {
      if (heard.index > trouble) return;
      if (!isMeant(heard.message)) continue;
      const aftermath = aftermathOf(conversation, play, heard, trouble);
      // After stop, a client waits at most this long for further messages.
      const isStopped = stop !== undefined && stop.index < heard.index;
      if (isStopped && (aftermath.kind === 'left' || aftermath.kind === 'fell')) continue;
      const form = formOf(heard.message);
      const { kind, fields } = heard.message;
      const surviving = {
        expected: `a client that goes on after ${what}: ${shown(fields)}`,
        events: [heard.index],
        isSurvivedElsewhere: known.size > 0,
        ...(id === ANY_FINAL ? {} : { isPlain: plainOf(kind) }),
      };
      for (const occasion of survived(conversation, play, heard, aftermath, surviving)) {
        if (occasion.outcome === 'held' || !known.has(form)) yield occasion;
      }
      if (aftermath.kind === 'there' || aftermath.kind === 'late') known.add(form);
    }
  });
}

/** Here the finals themselves are what a client must survive, so none of them counts as plain. */
const ANY_FINAL = 'SX-FIN-020';

/** The place of a message of an undocumented kind, which is a reason to end the connection. */
function strangerIn({ heard }: Conversation): number {
  return heard.find(({ message }) => message.kind === 'other')?.index ?? Infinity;
}

function formOf({ kind, fields = {} }: ServerMessage): string {
  return kind === 'state' ? shown(fields) : Object.keys(fields).sort().join();
}
