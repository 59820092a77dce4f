import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { probesOf } from '../../../src/conformance/player/probes.ts';
import type { RequirementResult } from '../../../src/conformance/judge/result.ts';
import { bundledFiles, readFileAs } from '../../../src/scenario/catalog.ts';
import { judged, type ServiceName } from '../../broken/harness/judge.ts';

/** Every reading of the documents, and the scenario in which the fake follows it. */
const PAGE = readFileSync(new URL('../../../src/protocol/READINGS.md', import.meta.url), 'utf8');
const ROWS = [...PAGE.matchAll(/^\| (A\d+) +\| (.+?) +\| (.+?) +\|$/gm)].map(
  ([, question = '', reading = '', scenario = '']) => ({
    question,
    reading,
    names: [...scenario.matchAll(/`([^`]+\/[^`]+)`/g)].map(([, name = '']) => name),
    isExplained: scenario.startsWith('about '),
  }),
);

it('the table has a row for every question, each with scenarios or a reason why it has none', async () => {
  const questions = Array.from({ length: 26 }, (_, i) => `A${i + 1}`);
  expect([...new Set(ROWS.map(({ question }) => question))]).toEqual(questions);

  const scenarios = await Promise.all((await bundledFiles()).map(({ path }) => readFileAs(path)));
  const known = scenarios.map(({ name, file }) => `${file.dialect}/${name}`);
  const missing = ROWS.filter(({ names, isExplained }) => !isExplained && names.length === 0);

  expect(missing).toEqual([]);
  expect(ROWS.flatMap(({ names }) => names).filter((name) => !known.includes(name))).toEqual([]);
});

/** What is played against a fake that follows a reading, and the name of that reading, if the runner can see it. */
interface Played {
  readonly scenario: string;
  readonly probes: readonly string[];
  readonly reading?: string;
  readonly deviation?: string;
  /** Requirements that one of two sentences contradicts: they are a warning, and name the reading. */
  readonly warned?: readonly string[];
  /** The requirement that shows the reading if the runner has no name for it. */
  readonly seenBy?: string;
}

const SPEECH = ['scriptix/speech', 'scriptix/long-speech'];

const PLAYED: readonly Played[] = [
  { scenario: 'scriptix/type-required', probes: ['scriptix/parameters'], reading: 'A1: type is required' },
  {
    scenario: 'scriptix-stream/type-required',
    probes: ['scriptix-stream/mp3'],
    seenBy: 'SX-STR-007',
  },
  { scenario: 'scriptix/deaf-until-listening', probes: SPEECH, seenBy: 'SX-STATE-001' },
  { scenario: 'scriptix/no-listening', probes: SPEECH, seenBy: 'SX-STATE-001' },
  {
    scenario: 'scriptix/connected-when-speaking',
    probes: SPEECH,
    reading: 'A3: more states than loading and listening are sent',
  },
  {
    scenario: 'scriptix/offset-advances',
    probes: SPEECH,
    reading: 'A4: offset_ms advances within a segment',
  },
  {
    scenario: 'scriptix/partials-revised',
    probes: SPEECH,
    reading: 'A5: a partial may change what the one before said',
  },
  { scenario: 'scriptix/words-without-spaces', probes: SPEECH, reading: 'A6: words are bare' },
  {
    scenario: 'scriptix/word-times-from-audio',
    probes: SPEECH,
    reading: 'A7: word times count from the beginning of the audio',
  },
  { scenario: 'scriptix/segments-of-22-words', probes: SPEECH, seenBy: 'SX-FIN-017' },
  { scenario: 'scriptix/refused-in-band', probes: ['scriptix/token-invalid'], reading: 'A11' },
  { scenario: 'scriptix/refused-by-close', probes: ['scriptix/token-invalid'], reading: 'A11' },
  {
    scenario: 'scriptix/refused-by-drop',
    probes: ['scriptix/token-invalid'],
    reading: 'A11 (microphone): a bad token is refused with a close',
  },
  {
    scenario: 'scriptix-stream/refused-by-close',
    probes: ['scriptix-stream/token-invalid', 'scriptix-stream/mp3'],
    reading: 'A11 (stream): a bad token is refused with a close',
  },
  {
    scenario: 'scriptix-rest/ready-at-once',
    probes: ['scriptix-rest/start-the-service'],
    reading: 'A12: initialize says ready at once, whatever the service is',
    warned: ['SX-REST-019'],
  },
  {
    scenario: 'scriptix-rest/auto-scaling-off',
    probes: ['scriptix-rest/start-the-service'],
    reading: 'A12: initialize answers at once, ready or not',
  },
  { scenario: 'scriptix/speaker-of-finals', probes: SPEECH, seenBy: 'SX-FIN-019' },
  { scenario: 'scriptix/partials-at-first-only', probes: SPEECH, seenBy: 'SX-PART-008' },
  { scenario: 'scriptix/results-in-silence', probes: SPEECH, seenBy: 'SX-FIN-001' },
  {
    scenario: 'reson8/id-only-if-given',
    probes: ['reson8/flush-ids'],
    reading: 'A13: the confirmation has no id when the request had none',
    warned: ['R8-FL-004'],
  },
  {
    scenario: 'reson8/refused-in-band',
    probes: ['reson8/token-invalid', 'reson8/token-missing', 'reson8/parameters-invalid'],
    reading: 'A14: errors are messages after the upgrade',
  },
  {
    scenario: 'reson8/missing-key-400',
    probes: ['reson8/token-missing'],
    reading: 'A15: missing credentials are INVALID_REQUEST, 400',
    warned: ['R8-AUTH-008'],
  },
  {
    scenario: 'reson8/confidence-logprob',
    probes: ['reson8/flags'],
    reading: 'A16: confidence is a natural log-probability',
    deviation: 'reson8-confidence-logprob',
  },
  {
    scenario: 'reson8/flush-empty-transcript',
    probes: ['reson8/silence'],
    reading: 'A17: a flush with nothing buffered returns an empty transcript',
  },
  {
    scenario: 'reson8/interims-bare',
    probes: ['reson8/flags'],
    reading: 'A18 (times): interims lack times',
    warned: ['R8-TR-005', 'R8-TR-007'],
  },
];

it('every reading that the fake does not follow by itself and that the runner can see is played', () => {
  const played = new Set(PLAYED.map(({ scenario }) => scenario));
  const others = ROWS.flatMap(({ names }) => names).filter((name) => !name.endsWith('/happy-path'));
  // Which side gives up, how a service fails to start, and what a stream is refused with are tested elsewhere.
  const elsewhere = /late|slow|timeout|scaled-down|breaks|refused-401/;

  expect(others.filter((name) => !played.has(name) && !elsewhere.test(name))).toEqual([]);
});

it.each(PLAYED)(
  'the runner fails no requirement in $scenario, and names the reading',
  async ({ scenario, probes, reading, deviation, warned = [], seenBy }) => {
    const service: ServiceName = scenario.startsWith('reson8') ? 'reson8' : 'scriptix';
    const chosen = (await probesOf(service)).filter(({ name, file }) =>
      probes.includes(`${file.dialect}/${name}`),
    );
    expect(chosen).toHaveLength(probes.length);

    const isRest = scenario.startsWith('scriptix-rest');
    const { report } = await judged(
      service,
      { fake: { scenario, ...(isRest ? {} : { service: { status: 'ready' } }) } },
      { scenarios: chosen, ...(deviation === undefined ? {} : { deviations: [deviation] }) },
    );
    const told = ({ id, verdict, expected, actual }: RequirementResult) => ({
      id,
      verdict,
      expected,
      actual,
    });
    const wrong = report.requirements.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');

    expect(wrong.filter(({ id, verdict }) => verdict === 'fail' || !warned.includes(id)).map(told)).toEqual(
      [],
    );
    expect(wrong.map(({ id }) => id)).toEqual(warned);

    const readings = report.requirements.flatMap((each) => each.reading ?? []).join('; ');
    if (reading !== undefined) expect(readings).toContain(reading);
    if (seenBy === undefined) return;

    expect(report.requirements.find(({ id }) => id === seenBy)).toMatchObject({ verdict: 'pass' });
  },
);
