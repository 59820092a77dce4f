import type { RequirementId } from '../../../protocol/requirements.ts';
import { INCLUDE_FLAGS, type IncludeFlag } from '../../../protocol/reson8-turns/handshake.ts';
import { TURN_EVENTS } from '../../../protocol/reson8-turns/events.ts';
import type { Conversation, Heard } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';
import type { Fields } from '../../conversation/read-message.ts';
import type { Invariant, Occasion, Play } from '../../judge/invariant.ts';
import type { Tolerances } from '../../judge/tolerances.ts';
import { spokenTurnsOf } from './spoken-turns.ts';
import { flagOf, readTranscript, type Transcript } from '../reson8/realtime.ts';

/** A connection for turns, and what its query asks for. */
export interface Turns extends Conversation {
  /** Undefined if unknown: spelled differently, given twice, or in a request that was not seen. */
  readonly flags: Readonly<Record<IncludeFlag, boolean | undefined>>;
  /** The server's messages about turns, in order. */
  readonly events: readonly TurnEvent[];
  /** Its candidates. */
  readonly candidates: readonly Transcript[];
}

/** A documented event of a turn. */
export interface TurnEvent extends Heard {
  readonly is: (typeof TURN_EVENTS)[number];
  readonly fields: Fields;
}

/** The connections for turns of a play. */
export const turnConversationsOf = derived(({ conversations }: Play): readonly Turns[] => {
  return conversations.filter(({ dialect }) => dialect === 'reson8-turns').map(turnsOf);
});

function turnsOf(conversation: Conversation): Turns {
  const { request, query, heard } = conversation;
  const flag = (name: IncludeFlag): [IncludeFlag, boolean | undefined] => [
    name,
    request === undefined ? undefined : flagOf(query.getAll(name)),
  ];
  // The compiler gives Object.fromEntries() arbitrary names.
  const flags = Object.fromEntries(INCLUDE_FLAGS.map(flag)) as Turns['flags'];
  const events = heard.flatMap(eventOf);
  const candidates = events.flatMap((event) =>
    event.is === 'turn_end_candidate' ? [readTranscript(event, event.fields, false)] : [],
  );
  return { flags, events, candidates, ...conversation };
}

function eventOf(heard: Heard): readonly TurnEvent[] {
  const { kind, fields } = heard.message;
  const is = TURN_EVENTS.find((event) => event === kind);
  return is === undefined || fields === undefined ? [] : [{ is, fields, ...heard }];
}

/** The candidates of each turn. */
export const turnsIn = derived((turns: Turns): readonly (readonly Transcript[])[] => {
  const byIndex = new Map(turns.candidates.map((candidate) => [candidate.index, candidate]));
  return spokenTurnsOf(turns).map(({ candidates }) =>
    candidates.flatMap(({ index }) => byIndex.get(index) ?? []),
  );
});

/** An invariant that looks at each connection for turns separately. Sorts the evidence. */
export function perTurns(
  id: RequirementId,
  judge: (turns: Turns, tolerances: Tolerances, play: Play) => Iterable<Occasion>,
): Invariant {
  return {
    id,
    *judge(play) {
      for (const turns of turnConversationsOf(play)) {
        for (const occasion of judge(turns, play.tolerances, play)) {
          yield { ...occasion, events: [...new Set(occasion.events)].sort((a, b) => a - b) };
        }
      }
    },
  };
}

/** Mistakes of a server that break several requirements at once. */
export const MISTAKES = {
  twice: 'events of a turn that come twice',
  endless: 'turns that never end',
} as const;
