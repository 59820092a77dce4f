import { beforeAll, describe, expect, test } from 'vitest';
import { mainSocketIn } from '../../src/protocol/dialects.ts';
import { holdsIn } from '../../src/protocol/edition-range.ts';
import { DEFAULT_EDITIONS } from '../../src/protocol/editions.ts';
import { isMadeFor } from '../../src/conformance/explore/made-for.ts';
import { playNameOf } from '../../src/conformance/player/needed.ts';
import { probesOf } from '../../src/conformance/player/probes.ts';
import type { ConformanceRun } from '../../src/conformance/run-server.ts';
import { titled } from '../support/titled.ts';
import { judged } from './harness/judge.ts';
import { ANOTHER_LOOK, judgedBy, playedWith } from './harness/only.ts';
import { requirement } from './harness/reference.ts';

const probes = {
  scriptix: await probesOf('scriptix'),
  reson8: await probesOf('reson8'),
  'reson8-turns': await probesOf('reson8-turns'),
};

/** Services that are running, and one that has to be started. */
const CASES = [
  { dialect: 'reson8', status: 'ready' },
  { dialect: 'reson8-turns', status: 'ready' },
  { dialect: 'scriptix', status: 'ready' },
  { dialect: 'scriptix', status: 'scaled_down' },
] as const;

/**
 * Whether the conforming fake never exercises it in that state: it names no speakers, nothing goes wrong, and it is of
 * the documents' edition. */
function isOptional(id: string, status: string): boolean {
  const row = requirement(id);
  const { check } = row;
  if (check.kind === 'none' || !holdsIn(row, DEFAULT_EDITIONS)) return true;
  if (id === 'SX-REST-018' || id === 'SX-REST-021') return status === 'ready';
  return check.unseen === 'not-applicable';
}

/** Where the conforming fake does nothing that could be judged: its tokens are good for ten minutes. */
const NEVER_SHOWN = ['scriptix-rest/connect-first SX-REST-021', 'reson8-rest/token-expires R8-TOK-002'];

/** At the usual pace, there is little time to read that a turn has begun before its flush is sent: on a busy machine, too little. */
const TURNS = { pace: 10 };

type Case = (typeof CASES)[number];

const runs = new Map<Case, ConformanceRun>();
beforeAll(async () => {
  const running = CASES.map(async (each) => {
    const { dialect, status } = each;
    const options = status === 'scaled_down' ? {} : ({ profile: 'full', runs: 60 } as const);
    const slower = dialect === 'reson8-turns' ? TURNS : {};
    const fake = { service: { status, startMs: 300 } };
    runs.set(each, await judged(dialect, { fake }, { ...options, ...slower }));
  });
  await Promise.all(running);
});

const titles = titled(
  CASES,
  ({ dialect, status }) => `${dialect} declare, with a service that is ${status},`,
);
describe.each(titles)('the requirements that probes of %s', (_title, each) => {
  const { dialect, status } = each;
  const isDown = status === 'scaled_down';
  let run: ConformanceRun;
  beforeAll(() => {
    run = runs.get(each) as ConformanceRun;
    expect(run.report.outcome).toBe('conforming');
  });

  const declared = probes[dialect].flatMap(({ name, file }) =>
    (file.exercises ?? []).map((id) => ({ id, file, name, play: playNameOf({ name, path: '', file }) })),
  );
  const shown = declared.filter(
    ({ id, play }) => !isOptional(id, status) && !NEVER_SHOWN.includes(`${play} ${id}`),
  );
  test.for(titled(shown, ({ id, play }) => `${id} by ${play}`))(
    'are exercised by them: %s',
    ([, { id, file, play }], context) => {
      const controls = (file.controls ?? []).map((name) => `${file.dialect}/${name}`);
      const start = isDown ? ['scriptix-rest/start-the-service', ANOTHER_LOOK] : [];
      const result = judgedBy(run, id, [play, ...controls, ...start]);

      context.expect(result.verdict).toBe('pass');
      context.expect(result.exercised).toBeGreaterThan(0);

      const { exercised } = judgedBy(
        run,
        id,
        [...controls, ...start].filter((name) => name !== play),
      );
      context.expect(result.exercised).toBeGreaterThan(exercised);
    },
  );

  test('have the verdicts of the whole run from the probes that declare them', () => {
    const differing = run.report.requirements.filter(({ id, verdict }) => {
      // A service that was started is checked once more, which the whole run need not do.
      const look = isDown ? [ANOTHER_LOOK] : [];
      const names = [...playedWith(id, probes[dialect], isDown), ...look];
      return judgedBy(run, id, names).verdict !== verdict;
    });
    expect(differing.map(({ id }) => id)).toEqual([]);
  });

  test.skipIf(isDown)('are exercised by generated sessions, too', () => {
    const names = run.plays.map(({ name }) => name).filter((name) => name.startsWith('generated/'));
    const unseen = run.report.requirements.filter(({ id }) => {
      const isOfMain = requirement(id).dialects.includes(mainSocketIn(dialect));
      if (!isMadeFor(id) || !isOfMain || isOptional(id, status)) return false;
      return judgedBy(run, id, names).exercised === 0;
    });

    // Sixty generated sessions need not include half a minute of speech, or nothing but silence.
    expect(
      unseen.map(({ id }) => id).filter((id) => !['SX-FIN-018', 'R8-TR-013', 'R8-TURN-016'].includes(id)),
    ).toEqual([]);
  });
});
