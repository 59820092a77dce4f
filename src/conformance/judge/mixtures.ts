import { QUESTIONS, type Question } from '../../protocol/ambiguities.ts';
import type { Requirement } from '../../protocol/requirement.ts';
import { REQUIREMENTS } from '../../protocol/requirements.ts';
import { isJudged, type Seen, type Terms } from './terms.ts';

/** Two readings of one question by the same peer, with the evidence for each. */
export interface Mixture {
  readonly first: Seen;
  readonly second: Seen;
}

/** A question as answered by one peer: one side of one service. */
interface Asked {
  readonly question: Question;
  /** The requirements that show the reading; the first reports a mixture. */
  readonly rows: readonly [Requirement, ...Requirement[]];
}

/** The questions with exclusive readings that any of the requirements can show. */
export function questionsOf(requirements: readonly Requirement[]): readonly Asked[] {
  const byId = new Map(requirements.map((each) => [each.id, each]));
  return QUESTIONS.filter(({ readings }) => Object.keys(readings).length > 1).flatMap((question) => {
    const rows = question.rows.flatMap((id) => byId.get(id) ?? []);
    return (['server', 'client'] as const).flatMap((side) => {
      const [home, ...others] = rows.filter((each) => each.side === side);
      return home === undefined ? [] : [{ question, rows: [home, ...others] as const }];
    });
  });
}

/** Some requirements, and those whose readings are compared when one of them reports a mixture. */
export function withTellers(chosen: readonly Requirement[]): readonly Requirement[] {
  const ids = new Set(chosen.map(({ id }) => id));
  const telling = questionsOf(REQUIREMENTS).filter(({ rows }) => ids.has(rows[0].id));
  for (const { rows } of telling) for (const { id } of rows) ids.add(id);
  return REQUIREMENTS.filter(({ id }) => ids.has(id));
}

/** The mixtures, by the requirement that reports them: each question once. */
export function mixturesIn(
  seen: ReadonlyMap<string, readonly Seen[]>,
  requirements: readonly Requirement[],
  terms: Terms,
): ReadonlyMap<string, Mixture> {
  const found = new Map<string, Mixture>();
  for (const { question, rows } of questionsOf(requirements)) {
    const mixture = mixtureIn(tellingOf({ question, rows }, seen, terms));
    if (mixture !== undefined && !found.has(rows[0].id)) found.set(rows[0].id, mixture);
  }
  return found;
}

/** The occasions that show a reading of a question. */
function tellingOf(
  { question, rows }: Asked,
  seen: ReadonlyMap<string, readonly Seen[]>,
  terms: Terms,
): readonly Seen[] {
  const readings = new Set(Object.values(question.readings));
  return rows
    .flatMap(({ id }) => seen.get(id) ?? [])
    .filter(({ occasion }) => {
      const { reading, isFaint = false } = occasion;
      return reading !== undefined && readings.has(reading) && !isFaint && isJudged(occasion, terms);
    });
}

/** A reading that a peer has shown: what the parts of a run tell each other. */
export interface ShownReading {
  /** The requirement that reports a mixture of this question. */
  readonly id: string;
  /** The name of the reading, as the table of readings in the dossiers has it. */
  readonly reading: string;
  /** The play in which it was shown first. */
  readonly play: string;
  /** The session of that play, where it has more than one. */
  readonly session?: string | undefined;
  /** Positions, in the trace of that play, of the events that show it. */
  readonly events: readonly number[];
}

/** Each reading that was shown, once. */
export function readingsIn(
  seen: ReadonlyMap<string, readonly Seen[]>,
  requirements: readonly Requirement[],
  terms: Terms,
): readonly ShownReading[] {
  return questionsOf(requirements).flatMap((asked) => {
    const shown = new Map<string, ShownReading>();
    for (const { play, session, occasion } of tellingOf(asked, seen, terms)) {
      const { reading = '', events } = occasion;
      if (!shown.has(reading)) shown.set(reading, { id: asked.rows[0].id, reading, play, session, events });
    }
    return [...shown.values()];
  });
}

/** Readings of one question that exclude each other, the first two by the requirement that reports them. */
export function mixedReadings(
  shown: readonly ShownReading[],
): ReadonlyMap<string, readonly [ShownReading, ShownReading]> {
  const found = new Map<string, readonly [ShownReading, ShownReading]>();
  for (const { question, rows } of questionsOf(REQUIREMENTS)) {
    const readings = new Set(Object.values(question.readings));
    const ids = new Set<string>(rows.map(({ id }) => id));
    const [first, ...others] = shown.filter((each) => ids.has(each.id) && readings.has(each.reading));
    const second = others.find(({ id, reading }) => id === first?.id && reading !== first.reading);
    if (first !== undefined && second !== undefined && !found.has(first.id))
      found.set(first.id, [first, second]);
  }
  return found;
}

/** The closest pair: within a session, else within a play, else in two plays. */
function mixtureIn(telling: readonly Seen[]): Mixture | undefined {
  return (
    nearest(telling, ({ play, session }) => `${play}/${session ?? ''}`) ??
    nearest(telling, ({ play }) => play) ??
    nearest(telling, () => '')
  );
}

function nearest(telling: readonly Seen[], placeOf: (seen: Seen) => string): Mixture | undefined {
  const firsts = new Map<string, Seen>();
  for (const second of telling) {
    const first = firsts.get(placeOf(second));
    if (first === undefined) firsts.set(placeOf(second), second);
    else if (first.occasion.reading !== second.occasion.reading) return { first, second };
  }
  return undefined;
}

/** A mixture in the words of a report. Events of another play are listed separately. */
export function describeMixture({ first, second }: Mixture) {
  const [one, other] = [first, second].map(({ play, session, occasion: { reading = '', events } }) => {
    return { reading, play, session, events };
  }) as [Shown, Shown];
  return describeReadings(one, other);
}

type Shown = Omit<ShownReading, 'id'>;

/** A mixture of two readings in the words of a report. */
export function describeReadings(first: Shown, second: Shown) {
  const isOnePlay = first.play === second.play;
  const events = isOnePlay ? [...first.events, ...second.events] : first.events;
  return {
    reading: `${first.reading}; ${second.reading}`,
    expected: 'one reading of the documents throughout',
    actual: `${placed(first)}, and ${placed(second)}`,
    play: first.play,
    evidence: [...new Set(events)].sort((a, b) => a - b),
    ...(isOnePlay ? {} : { also: [{ play: second.play, evidence: second.events }] }),
  };
}

function placed({ reading, play, session, events }: Shown): string {
  const place = session === undefined ? play : `${play}/${session}`;
  return `${reading} (${place}, events ${events.join(', ')})`;
}
