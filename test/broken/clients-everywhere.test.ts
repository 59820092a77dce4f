import { beforeAll, describe, expect, it } from 'vitest';
import { htmlReport } from '../../src/conformance/report/formats/html/html.ts';
import { jsonReport } from '../../src/conformance/report/formats/json.ts';
import { junitReport } from '../../src/conformance/report/formats/junit.ts';
import { textReport } from '../../src/conformance/report/formats/text.ts';
import type { ClientRun } from '../../src/conformance/run-client.ts';
import { untilDecided } from '../support/clients/again.ts';
import { titled } from '../support/titled.ts';
import { EVERYWHERE, type Everywhere } from './clients/everywhere.ts';
import { limited, runWith } from './clients/run.ts';

const AT_ONCE = 6;
const TOKENS = /client%2Fkey|client&key|client&amp;key|a-key-of-another-service/;

const runs = new Map<Everywhere, ClientRun>();

beforeAll(async () => {
  const run = limited(AT_ONCE);
  await Promise.all(
    EVERYWHERE.map((each) =>
      run(async () => {
        const { mistake, dialect, scenarios } = each;
        runs.set(each, await runWith(mistake, dialect, scenarios, scenarios.length));
      }),
    ),
  );
}, 240_000);

const foundIn = ({ requirements }: ClientRun['report']) =>
  requirements.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');

/** Whether what the client does is not told although nothing else is found: a busy machine may have kept it from doing it. */
function isUnnoticed({ breaks = [], told, outcome }: Everywhere, { report }: ClientRun): boolean {
  const found = foundIn(report).map(({ id }) => id);
  if (found.some((id) => !breaks.includes(id))) return false;
  const [cause = '', ...others] = report.causes ?? [];
  const isTold = cause.includes(told) && others.length === 0 && report.outcome === outcome;
  return !isTold || found.length < breaks.length;
}

// A mistake that a client made in every scenario was spread over twenty rows of "not exercised", or was reported as a
// finding about one of its consequences: a token of another service was reported as not percent-encoded.
describe('a mistake that a client makes everywhere', () => {
  it.each(titled(EVERYWHERE, ({ dialect, does }) => `${dialect}: it ${does}`))(
    'is reported in one sentence at the top, in %s',
    async (_title, each) => {
      const recorded = runs.get(each);
      if (recorded === undefined) throw new Error('it was not run');
      const { mistake, dialect, scenarios, told, outcome, breaks = [] } = each;
      const { report, plays } = await untilDecided(recorded, (run) =>
        isUnnoticed(each, run) ? runWith(mistake, dialect, scenarios, 1) : undefined,
      );
      runs.set(each, { report, plays });
      const bad = foundIn(report);
      const shown = JSON.stringify([report.causes, report.notes, bad], null, 1);

      expect(report.causes, shown).toEqual([expect.stringContaining(told)]);
      expect(
        bad.map(({ id }) => id),
        shown,
      ).toEqual(breaks);
      expect(report.outcome, shown).toBe(outcome);
      expect(report.notes).toEqual([]);

      const text = textReport(report, plays, { columns: 1000 }).trimEnd().split('\n');
      expect(text[0]).toContain(told);
      expect(text.at(-1)).toBe(text[0]);

      const page = htmlReport(report, plays);
      const asHtml = told.replaceAll('"', '&quot;');
      expect(page.slice(0, page.indexOf('<main>'))).toContain(asHtml);

      const first = junitReport(report, plays)
        .split('\n')
        .find((line) => line.includes('<property '));
      expect(first).toContain('name="cause" value="');
      expect(first).toContain(asHtml);

      const json = jsonReport(report);
      expect(json.slice(0, json.indexOf('"requirements"'))).toContain(JSON.stringify(told).slice(1, -1));
      expect([text.join('\n'), page, json, JSON.stringify(plays)].join('\n')).not.toMatch(TOKENS);
    },
  );

  it('is given as the only reason why other requirements were not exercised', () => {
    for (const [{ told, mistake }, { report }] of runs) {
      if (mistake === 'sends-half') continue;
      const reasons = report.requirements.filter(({ verdict }) => verdict === 'not-exercised');
      for (const { id, reason } of reasons) expect(reason, `${mistake} ${id}`).toContain(told);
    }
  });
});
