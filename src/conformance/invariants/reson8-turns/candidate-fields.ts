import type { RequirementId } from '../../../protocol/requirements.ts';
import type { IncludeFlag } from '../../../protocol/reson8-turns/handshake.ts';
import type { Fields } from '../../conversation/read-message.ts';
import {
  broken,
  doubtful,
  held,
  heldBySilence,
  heldIf,
  type Invariant,
  type Occasion,
} from '../../judge/invariant.ts';
import { shown } from '../../text/shown.ts';
import { isNumber, type Transcript } from '../reson8/realtime.ts';
import { wordsIn } from '../reson8/transcripts/words.ts';
import { perTurns } from './turns.ts';

const TIMES = ['start_ms', 'duration_ms'] as const;

/** The fields of events, including those that flags add to candidates. */
export const candidateFields: readonly Invariant[] = [
  perTurns('R8-TURN-007', function* ({ events }) {
    for (const { index, is, fields } of events) {
      const { text } = fields;
      if (is === 'turn_end_candidate') {
        yield heldIf(typeof text === 'string', [index], 'text: a string', () => `text: ${shown(text)}`);
      } else yield onlyIfHeard(absent([index], 'text in candidates only', { text }));
    }
  }),
  perFlag('R8-TURN-009', 'include_timestamps', {
    *asked(candidate) {
      yield* numbers(candidate, candidate.fields);
      for (const { fields } of wordsIn(candidate))
        if (fields !== undefined) yield* numbers(candidate, fields);
    },
    *notAsked(candidate) {
      const all = [
        candidate.fields,
        ...wordsIn(candidate).flatMap(({ fields }) => (fields === undefined ? [] : [fields])),
      ];
      for (const fields of all) {
        const times = Object.fromEntries(TIMES.map((name) => [name, fields[name]]));
        yield absent([candidate.index], 'no times unless they were asked for', times);
      }
    },
  }),
  perFlag('R8-TURN-010', 'include_words', {
    *asked(candidate) {
      const { index, fields, saysSomething } = candidate;
      const { words } = fields;
      if (words === undefined && !saysSomething) return;
      yield heldIf(Array.isArray(words), [index], 'words: an array', () => `words: ${shown(words)}`);
      for (const { text, fields: its, value } of wordsIn(candidate)) {
        if (text === undefined) yield broken([index], 'words, each with a string text', shown(value));
        else yield absent([index], 'words without confidence', { confidence: its?.['confidence'] });
      }
    },
    *notAsked({ index, fields: { words } }) {
      yield absent([index], 'no words unless they were asked for', { words });
    },
  }),
  perFlag('R8-TURN-011', 'include_language', {
    *asked({ index, fields: { language }, saysSomething }) {
      if (language === undefined && !saysSomething) return;
      const actual = () => `language: ${shown(language)}`;
      yield heldIf(typeof language === 'string', [index], 'language: a string', actual);
    },
    *notAsked({ index, fields: { language } }) {
      yield absent([index], 'no language unless it was asked for', { language });
    },
  }),
];

/**
 * The fields that every candidate must have with a flag, and must not have without it. Nothing follows from a flag
 * whose value is unknown.
 */
function perFlag(
  id: RequirementId,
  flag: IncludeFlag,
  judges: Readonly<Record<'asked' | 'notAsked', (candidate: Transcript) => Iterable<Occasion>>>,
): Invariant {
  return perTurns(id, function* ({ flags, candidates }) {
    const isAsked = flags[flag];
    if (isAsked === undefined) return;
    for (const candidate of candidates) yield* judges[isAsked ? 'asked' : 'notAsked'](candidate);
  });
}

/** A candidate without words need not have times either. */
function* numbers({ index, saysSomething }: Transcript, fields: Fields): Iterable<Occasion> {
  if (!saysSomething && TIMES.every((name) => fields[name] === undefined)) return;
  const wrong = TIMES.filter((name) => !isNumber(fields[name]));
  yield heldIf(wrong.length === 0, [index], `${wrong.join(', ')}: a number`, () =>
    wrong.map((name) => `${name}: ${shown(fields[name])}`).join(', '),
  );
}

/** Nothing follows from a missing text if the server never sends any. */
function onlyIfHeard(occasion: Occasion): Occasion {
  return occasion.outcome === 'held' ? heldBySilence('recognises speech', ...occasion.events) : occasion;
}

/** Null may stand for an absent value. */
function absent(events: readonly number[], expected: string, values: Fields): Occasion {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  if (present.length === 0) return held(...events);
  const actual = present.map(([name, value]) => `${name}: ${shown(value)}`).join(', ');
  const isNull = present.every(([, value]) => value === null);
  return isNull ? doubtful(events, expected, actual) : broken(events, expected, actual);
}
