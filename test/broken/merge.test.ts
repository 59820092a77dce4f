import { describe, test } from 'vitest';
import { mergeRuns } from '../../src/conformance/merge/merge.ts';
import { readRun } from '../../src/conformance/merge/read-run.ts';
import { jsonReport } from '../../src/conformance/report/formats/json.ts';
import type { Report } from '../../src/conformance/report/report.ts';
import { requirementsOf } from '../../src/conformance/judging/plays.ts';
import { dialectsIn } from '../../src/protocol/dialects.ts';
import { titled } from '../support/titled.ts';
import { judged, type ServiceName } from './harness/judge.ts';
import type { Mutating } from './harness/mutation.ts';
import { HISTORIES } from './servers/histories.ts';
import { BROKEN_SERVERS } from './servers/servers.ts';

/** For four runs with generated sessions, each of which may wait for room. */
const LONG_MS = 3_600_000;
/** Every fourth run is in three parts, the others in two: each part plays all probes again, which is what takes time. */
const IN_THREE = 4;
const RUNS = 12;
/** Without shrinking: other tests check that counterexamples become small. */
const OPTIONS = { runs: RUNS, pace: 60, shrinkMs: 0 };
/** A turn of silence is seen only until the flush, which comes 83 ms later at the usual pace: too soon on a busy machine. */
const SLOWER = new Map([['R8-TURN-016', { pace: 20 }]]);

interface Server {
  readonly id: string;
  readonly dialect: ServiceName;
  readonly breaks: string;
  readonly mutation: Mutating;
}

interface Shared extends Server {
  /** In how many parts. */
  readonly count: number;
}

/**
 * A selection from the whole catalogue: some of those whose sessions are generated, at regular intervals, and those
 * that no probe finds.
 */
const CHOSEN: readonly Server[] = [
  ...BROKEN_SERVERS.filter(({ id }) => /^(?:SX-(?:PART|FIN|STATE)|R8-(?:TR|W|FL|TURN))-/.test(id)).filter(
    (_each, place) => place % 8 === 0,
  ),
  ...HISTORIES,
].slice(0, 20);
const SERVERS = CHOSEN.map((each, place): Shared => ({ ...each, count: place % IN_THREE === 0 ? 3 : 2 }));

/** The requirements of the same chapter on servers: what is judged of each. */
function chapterOf(id: string, dialect: ServiceName): readonly string[] {
  const chapter = id.slice(0, id.lastIndexOf('-'));
  return requirementsOf('server', dialectsIn(dialect), {})
    .map((each): string => each.id)
    .filter((each) => each.startsWith(`${chapter}-`));
}

function verdictsIn({ outcome, requirements }: Report) {
  return { outcome, ...Object.fromEntries(requirements.map(({ id, verdict }) => [id, verdict])) };
}

describe.concurrent('the generated sessions of a run in parts', () => {
  test('are checked with at least twenty broken servers', ({ expect }) => {
    expect(SERVERS.length).toBeGreaterThanOrEqual(20);
  });

  test.for(
    titled(SERVERS, ({ dialect, id, count, breaks }) => `${dialect} ${id} in ${count} parts, ${breaks}`),
  )(
    'lead to the verdicts of the whole run when they are merged: %s',
    { timeout: LONG_MS },
    async ([, { id, dialect, mutation, count }], { expect }) => {
      const options = { ...OPTIONS, ...SLOWER.get(id), only: chapterOf(id, dialect) };
      const whole = await judged(dialect, mutation, options);
      const filed = [];
      for (let index = 1; index <= count; index++) {
        const part = await judged(dialect, mutation, { ...options, shard: { index, count } });
        const file = `${index}.json`;
        // Each server has a port of its own.
        const { subject } = whole.report;
        filed.push({ file, report: readRun(jsonReport({ ...part.report, subject }), file) });
      }
      const [merged] = mergeRuns(filed);

      expect(merged && verdictsIn(merged.report)).toEqual(verdictsIn(whole.report));
    },
  );
});
