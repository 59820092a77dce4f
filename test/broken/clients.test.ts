import type { Dialect } from '../../src/protocol/dialects.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { SUITES } from '../../src/conformance/client/suites/suites.ts';
import { requirementsOf } from '../../src/conformance/judging/plays.ts';
import { outcomeOf } from '../../src/conformance/report/outcome.ts';
import { EXIT_CODES } from '../../src/conformance/report/report.ts';
import type { RequirementResult } from '../../src/conformance/judge/result.ts';
import type { ClientRun } from '../../src/conformance/run-client.ts';
import { REQUIREMENTS } from '../../src/protocol/requirements.ts';
import { judgeClient } from '../../src/conformance/judging/client.ts';
import {
  haveStalls,
  isOpenIn,
  recordOf,
  resultsOf,
  untilDecided,
  withoutDelays,
} from '../support/clients/again.ts';
import { titled } from '../support/titled.ts';
import { BROKEN_CLIENTS, NOT_BROKEN } from './clients/clients.ts';
import type { BrokenClient, Unasked } from './clients/mistake.ts';
import { limited, mixed, runWith } from './clients/run.ts';
import { mergedVerdicts, verdictsIn } from './clients/shares.ts';
import { UNASKED } from './clients/unasked.ts';

const DIALECTS = (Object.keys(SUITES) as Dialect[]).filter((dialect) => SUITES[dialect].trials.length > 0);
/** Programs at the same time; they spend nearly all of their time waiting. */
const RIGHT_AT_ONCE = 2;
const WRONG_AT_ONCE = 6;
/** These wait for half a minute: begun last, they would be alone at the end. */
const LONG = ['waits-for-ever', 'gives-up-late'];
/** Until all are recorded, even on a busy machine, where some are recorded again. */
const RECORDED_MS = 1_200_000;
const LIMITS = { strict: false, stale: [], isCutShort: false };

const right = new Map<Dialect, ClientRun>();
const rightVerdicts = new Map<Dialect, ReadonlyMap<string, string>>();
const wrong = new Map<BrokenClient | Unasked, ClientRun>();
/** Mistakes in all scenarios, which are judged without the plays of a correct client. */
const ALONE = [
  {
    does: 'reports nothing, and is judged by what can be seen of it',
    mistake: 'tells-nothing',
    scenarios: ['handshake-hangs', 'error-mid-session', 'reconnect-after-drop'],
    verdicts: {
      ...{ 'SX-CONN-018': 'not-exercised', 'SX-PART-012': 'not-exercised' },
      ...{ 'SX-FIN-021': 'not-exercised', 'SX-ERR-005': 'not-exercised' },
      // It waits for 15 s, and connects again after a drop.
      ...{ 'SX-CONN-021': 'pass', 'SX-ERR-006': 'pass' },
    },
  },
  {
    does: 'falls at every final, whatever fields that has',
    mistake: 'falls-at-finals',
    scenarios: ['extra-fields', 'happy-path', 'speaker-now-and-then'],
    verdicts: { 'SX-FIN-020': 'fail', 'SX-MSG-003': 'pass' },
  },
];
const alone = new Map<string, ClientRun>();

// All of them are played first: judging would keep the fakes in this process from answering in time.
beforeAll(async () => {
  const begun: Promise<unknown>[] = DIALECTS.map(async (dialect) => {
    right.set(dialect, await runWith('none', dialect, undefined, RIGHT_AT_ONCE));
  });
  const run = limited(WRONG_AT_ONCE);
  const isLong = ({ mistake }: BrokenClient | Unasked) => LONG.includes(mistake);
  const all = [...BROKEN_CLIENTS, ...UNASKED];
  for (const each of [...all.filter(isLong), ...all.filter((other) => !isLong(other))]) {
    const { mistake, dialect, scenarios } = each;
    begun.push(
      run(async () => void wrong.set(each, await runWith(mistake, dialect, scenarios, scenarios.length))),
    );
  }
  for (const { mistake, scenarios } of ALONE) {
    begun.push(
      run(
        async () => void alone.set(mistake, await runWith(mistake, 'scriptix', scenarios, scenarios.length)),
      ),
    );
  }
  await Promise.all(begun);
  for (const [dialect, run] of right) {
    const play = (scenarios: readonly string[]) => runWith('none', dialect, scenarios, 1);
    const decided = await withoutDelays(run, { dialect, play, isEachAlone: true });
    right.set(dialect, decided);
    rightVerdicts.set(dialect, verdicts(resultsOf(decided.plays, dialect)));
  }
}, RECORDED_MS);

function runOf<Key>(runs: ReadonlyMap<Key, ClientRun>, key: Key): ClientRun {
  const run = runs.get(key);
  if (run === undefined) throw new Error('it was not run');
  return run;
}

const verdicts = (results: readonly RequirementResult[]) =>
  new Map(results.map(({ id, verdict }) => [id, verdict]));

/** How a mistake changes the verdicts of all scenarios together. */
function changesOf(each: BrokenClient | Unasked, { plays: own, report } = runOf(wrong, each)) {
  const { dialect } = each;
  const { plays } = runOf(right, dialect);
  const results = resultsOf(mixed(plays, own), dialect);
  const before = rightVerdicts.get(dialect);
  const changed = results.filter(({ id, verdict }) => before?.get(id) !== verdict);
  const strict = resultsOf(mixed(plays, own), dialect, true);
  return { results, changed, strict, notes: report.notes };
}

/**
 * Records the client again, with nothing beside it, where its recording leaves something open: on a very busy machine,
 * the runner stands still at that time, or messages cross.
 */
async function playAgainIf<Each extends BrokenClient | Unasked>(
  isOpen: (each: Each, run: ClientRun) => boolean,
  each: Each,
): Promise<void> {
  const { mistake, dialect, scenarios } = each;
  const decided = await untilDecided(runOf(wrong, each), (run) =>
    isOpen(each, run) ? runWith(mistake, dialect, scenarios, 1) : undefined,
  );
  wrong.set(each, decided);
}

/**
 * Whether the mistake or what follows from it is not found, and the recording by itself does not speak for the client on
 * each occasion either, or whether the recording leaves open what it should not. What is found although it should not be
 * stays.
 */
function isUndecided(each: BrokenClient, run: ClientRun): boolean {
  const { id, dialect, unavoidable = [] } = each;
  const { changed } = changesOf(each, run);
  const others = changed.filter((result) => {
    return result.id !== id && unavoidable.every((other) => other.id !== result.id);
  });
  if (others.some(isFound)) return false;
  const always = unavoidable.filter(({ isOccasional }) => isOccasional !== true);
  const isMissing = always.some((other) => changed.every((result) => result.id !== other.id));
  if (changed.some((result) => result.id === id && isFound(result))) {
    return others.length > 0 || (isMissing && haveStalls(run.plays));
  }
  const own = resultsOf(run.plays, dialect).find((result) => result.id === id);
  return own?.verdict !== 'pass' || isOpenIn(run.plays, id) || haveStalls(run.plays);
}

/** Whether not all is noticed that follows from a mistake, and nothing else is found. */
function isUnnoticed(each: Unasked, run: ClientRun): boolean {
  const { changed } = changesOf(each, run);
  const others = changed.filter(({ id }) => !each.noticed.includes(id));
  return !others.some(isFound) && (others.length > 0 || changed.length < each.noticed.length);
}

const isFound = ({ verdict }: RequirementResult) => verdict === 'fail' || verdict === 'warn';

describe.each(DIALECTS)('a client of %s without mistakes', (dialect) => {
  it('is conforming, and exercises everything that the suite is for', () => {
    const { report } = runOf(right, dialect);
    const beyond: readonly string[] = SUITES[dialect].beyond.map(({ id }) => id);
    const shown = JSON.stringify(
      [report.notes, report.requirements.filter(({ verdict }) => verdict !== 'pass')],
      null,
      1,
    );

    // The client of turns leaves after its last turn, before the recording has ended.
    const causes = (report.causes ?? []).filter((sentence) => !sentence.includes('of its recording'));
    expect({ outcome: report.outcome, causes, notes: report.notes }, shown).toEqual({
      outcome: 'conforming',
      causes: [],
      notes: [],
    });

    const open = report.requirements.filter(({ verdict }) => verdict !== 'pass').map(({ id }) => id);
    expect(
      open.filter((id) => !beyond.includes(id)),
      shown,
    ).toEqual([]);
  });
});

describe.each(DIALECTS)('each scenario of the suite of %s', (dialect) => {
  it.each(
    titled(
      SUITES[dialect].trials,
      ({ name, ids }) => `${name} makes a correct client exercise ${ids.join(', ')}`,
    ),
  )('%s', (_title, { name, ids }) => {
    const { plays } = runOf(right, dialect);
    const results = resultsOf(
      plays.filter((play) => play.name === name),
      dialect,
    );
    const held = results.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);

    expect(ids.filter((id) => !held.includes(id))).toEqual([]);
  });
});

describe.each(DIALECTS)('a broken client of %s', (dialect) => {
  const own = BROKEN_CLIENTS.filter((each) => each.dialect === dialect);

  it('exists for each requirement on clients', () => {
    const asked = requirementsOf('client', [dialect], {}).map(({ id }) => id);
    const broken = new Set(own.map(({ id }) => id));
    const reasons = NOT_BROKEN.filter((each) => each.dialects.includes(dialect)).map(({ id }) => id);

    expect(asked.filter((id) => !broken.has(id) && !reasons.includes(id))).toEqual([]);
    expect(reasons.filter((id) => broken.has(id) || !asked.includes(id))).toEqual([]);
    expect(own.filter(({ id }) => !asked.includes(id))).toEqual([]);
  });

  it.each(titled(own, ({ id, breaks }) => `${id}, as it ${breaks}`))(
    'is found to break %s',
    async (_title, each) => {
      const { id, unavoidable = [], isDoubtful = false } = each;
      await playAgainIf(isUndecided, each);
      const { results, changed, strict, notes } = changesOf(each);
      const level = REQUIREMENTS.find((requirement) => requirement.id === id)?.level;
      const isMust = level === 'MUST' && !isDoubtful;
      const shown = JSON.stringify([notes, changed], null, 1);
      const occasional = unavoidable
        .filter(({ isOccasional }) => isOccasional === true)
        .map((other) => other.id);
      const always = unavoidable.map((other) => other.id).filter((other) => !occasional.includes(other));
      const ids = changed.map((result) => result.id).filter((other) => !occasional.includes(other));

      expect(ids.sort(), shown).toEqual([id, ...always].sort());
      expect(results.find((result) => result.id === id)).toMatchObject({ verdict: isMust ? 'fail' : 'warn' });

      const exit = EXIT_CODES[outcomeOf(results, LIMITS)];
      const strictExit = EXIT_CODES[outcomeOf(strict, { ...LIMITS, strict: true })];
      const others = changed.filter((result) => result.id !== id);
      if (!others.some(({ verdict }) => verdict === 'fail')) expect(exit).toBe(isMust ? 1 : 0);
      if (!isDoubtful) expect(strictExit).toBe(1);
    },
  );
});

describe.each(DIALECTS)('a run of a client of %s in parts', (dialect) => {
  it.each(
    titled(
      BROKEN_CLIENTS.filter((each) => each.dialect === dialect),
      ({ id, breaks }) => `${id} broken: ${breaks}`,
    ),
  )('has the same verdicts when its parts are merged, with %s', (_title, each) => {
    const record = recordOf(dialect, mixed(runOf(right, dialect).plays, runOf(wrong, each).plays));
    const whole = judgeClient(record).report;

    for (const count of [2, 3]) expect(mergedVerdicts(record, count)).toEqual(verdictsIn(whole));
  });

  it('is incomplete without one of its parts', () => {
    const record = recordOf(dialect, runOf(right, dialect).plays);
    expect(mergedVerdicts(record, 2, [2]).outcome).toBe('incomplete');
  });
});

describe('a mistake of real clients that the documents do not forbid', () => {
  it.each(titled(UNASKED, ({ dialect, does }) => `${dialect}: ${does}`))(
    'is found by its consequences, in %s',
    async (_title, each) => {
      await playAgainIf(isUnnoticed, each);
      const { changed } = changesOf(each);
      expect(changed.map(({ id }) => id).sort(), JSON.stringify(changed, null, 1)).toEqual(
        [...each.noticed].sort(),
      );
    },
  );
});

it.each(titled(ALONE, ({ does }) => does))(
  'a client of scriptix %s',
  async (_title, { mistake, scenarios, verdicts: expected }) => {
    const wanted = new Map(Object.entries(expected));
    const { report } = await untilDecided(runOf(alone, mistake), (run) => {
      const { requirements } = run.report;
      const others = requirements.filter(({ id, verdict }) => wanted.has(id) && wanted.get(id) !== verdict);
      const isOpen = others.length > 0 && !others.some(isFound);
      return isOpen ? runWith(mistake, 'scriptix', scenarios, 1) : undefined;
    });
    expect(Object.fromEntries(verdicts(report.requirements))).toMatchObject(expected);
  },
);
