import type { RequirementId } from '../../../protocol/requirements.ts';
import { firstAfter } from '../../conversation/ordered.ts';
import { derived } from '../../conversation/derived.ts';
import {
  awaiting,
  blaming,
  broken,
  doubtful,
  held,
  madeBy,
  type Invariant,
  type Occasion,
} from '../../judge/invariant.ts';
import { MISTAKES, perTurns, type TurnEvent, type Turns } from './turns.ts';

/** The order of events: start, candidate, then any number of continuations with another candidate, end. */
export const order: readonly Invariant[] = (['R8-TURN-004', 'R8-TURN-005', 'R8-TURN-006'] as const).map(
  (id) =>
    perTurns(id, function* (turns) {
      for (const each of occasionsOf(turns)) if (each.id === id) yield each.occasion;
    }),
);

interface Found {
  readonly id: RequirementId;
  readonly occasion: Occasion;
}

/** A turn that is open. */
interface Open {
  readonly first: TurnEvent;
  readonly last: TurnEvent;
  readonly hasCandidate: boolean;
}

const occasionsOf = derived((turns: Turns): readonly Found[] => {
  const found: Found[] = [];
  let open: Open | undefined;
  let before: TurnEvent | undefined;
  for (const event of turns.events) {
    found.push(...(open === undefined ? outside(event, before, turns) : inside(event, open, turns)));
    if (event.is === 'turn_end') [open, before] = [undefined, event];
    else if (open === undefined || event.is === 'turn_start') {
      open = { first: event, last: event, hasCandidate: event.is === 'turn_end_candidate' };
    } else {
      const hasCandidate = open.hasCandidate || event.is === 'turn_end_candidate';
      open = { first: open.first, last: event, hasCandidate };
    }
  }
  return found;
});

/** An event outside a turn. @param before the end of the previous turn, if there was one */
function outside(event: TurnEvent, before: TurnEvent | undefined, { moments }: Turns): readonly Found[] {
  const { index, is } = event;
  if (is === 'turn_start') return [{ id: 'R8-TURN-004', occasion: held(index) }];
  if (is === 'turn_end' && before !== undefined) {
    const finding = broken([before.index, index], 'one turn_end for a turn', 'another one');
    return [{ id: 'R8-TURN-006', occasion: madeBy(MISTAKES.twice, finding) }];
  }
  const finding = broken([index], 'turn_start at the beginning of a turn', `${is} outside a turn`);
  const since = before?.index ?? moments[0]?.index ?? index;
  return [{ id: 'R8-TURN-004', occasion: awaiting(finding, [since, index]) }];
}

function inside(event: TurnEvent, open: Open, turns: Turns): readonly Found[] {
  const { first, last, hasCandidate } = open;
  const { index, is } = event;
  if (is === 'turn_start') return [again(event, last, turns)];
  const own: Found = { id: 'R8-TURN-004', occasion: held(first.index, index) };
  const proof = [last.index, index];
  const isAfterCandidate = last.is === 'turn_end_candidate';
  switch (is) {
    case 'turn_end_candidate':
      return [own];
    case 'turn_continuation': {
      // A turn that ends without any candidate is covered by R8-TURN-006.
      if (!hasCandidate && hasNone(event, turns)) return [own];
      const finding = broken(proof, 'turn_continuation after a candidate', `it comes after ${last.is}`);
      const occasion = isAfterCandidate
        ? held(...proof)
        : madeBy(last.is === is ? MISTAKES.twice : undefined, awaiting(finding, [last.index, index]));
      return [own, { id: 'R8-TURN-005', occasion }];
    }
    case 'turn_end': {
      const expected = 'turn_end after a candidate';
      const actual = `it comes after ${last.is}`;
      if (isAfterCandidate) return [own, { id: 'R8-TURN-006', occasion: held(...proof) }];
      // There is a candidate, but since then the server has said that the turn goes on.
      const finding = hasCandidate ? doubtful(proof, expected, actual) : broken(proof, expected, actual);
      return [own, { id: 'R8-TURN-006', occasion: awaiting(finding, [first.index, index]) }];
    }
  }
}

/** Whether the turn of an event ends without a candidate after that event. */
function hasNone({ index }: TurnEvent, turns: Turns): boolean {
  return firstAfter(notContinuing(turns), index)?.is === 'turn_end';
}

const notContinuing = derived(({ events }: Turns) => events.filter(({ is }) => is !== 'turn_continuation'));

/** A turn_start within an open turn: either it was sent twice, or the end of that turn is missing. */
function again({ index }: TurnEvent, last: TurnEvent, turns: Turns): Found {
  const proof = [last.index, index];
  const kinds = kindsOf(turns);
  if (last.is === 'turn_start' && kinds.size > 1) {
    const finding = broken(proof, 'one turn_start for a turn', 'another one');
    return { id: 'R8-TURN-004', occasion: madeBy(MISTAKES.twice, finding) };
  }
  const finding = broken(proof, 'turn_end before another turn begins', `turn_start after ${last.is}`);
  const mistake = kinds.has('turn_end') ? undefined : MISTAKES.endless;
  return { id: 'R8-TURN-006', occasion: madeBy(mistake, awaiting(blaming(finding), [last.index, index])) };
}

const kindsOf = derived(({ events }: Turns) => new Set(events.map(({ is }) => is)));
