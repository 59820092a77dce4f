import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeTrace } from '../../../src/conformance/judge-trace.ts';
import { runConformance } from '../../../src/conformance/run-server.ts';
import { recording } from '../../../src/microphone.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';

/** A server on which nothing listens; a run that begins with wrong options still ends at once. */
const run = (options: object) =>
  runConformance({ dialect: 'reson8', url: 'ws://127.0.0.1:9', profile: 'quick', ...options });

// A number in place of a text used to fail with "name.slice is not a function", or to be ignored.
describe('a test in JavaScript that passes', () => {
  let fake: MockServer;
  beforeAll(async () => {
    fake = await startMockServer();
  });
  afterAll(() => fake.stop());

  it.each<readonly [string, (wrong: never) => unknown, unknown, string]>([
    [
      'a number as scenario',
      (wrong) => fake.assign('t', wrong),
      5,
      'assign(): scenario: expected a text, got a number',
    ],
    [
      'no token',
      (wrong) => fake.assign(wrong, 'happy-path'),
      undefined,
      'assign(): token: expected a text, got nothing',
    ],
    [
      'a number as default',
      (wrong) => fake.setScenario(wrong),
      5,
      'setScenario(): scenario: expected a text, got a number',
    ],
    [
      'numbers as defaults',
      (wrong) => fake.setScenario(wrong),
      [5],
      'expected a text, got a list of other values',
    ],
    [
      'no name',
      (wrong) => fake.addScenario(wrong, {}),
      null,
      'addScenario(): name: expected a text, got null',
    ],
    [
      'no scenario',
      (wrong) => fake.addScenario('x', wrong),
      undefined,
      'addScenario(): scenario: expected a text, got nothing',
    ],
    [
      'one expectation',
      (wrong) => fake.verify(wrong),
      {},
      'verify(): expected a list of expectations, got an object',
    ],
    ['a key', (keys) => startMockServer({ keys }), 'secret', 'keys: expected a list of texts, got a text'],
    [
      'a folder',
      (scenarios) => startMockServer({ scenarios }),
      'x',
      'scenarios: expected a list of texts, got a text',
    ],
    [
      'a number to start with',
      (scenario) => startMockServer({ scenario }),
      5,
      'scenario: expected a list of texts, got a number',
    ],
    [
      'a mistyped option to start with',
      (prot) => startMockServer({ prot } as object),
      1,
      'prot: unknown option; did you mean "port"?',
    ],
    [
      'no options to start with',
      (given) => startMockServer(given),
      null,
      'startMockServer(): expected an object of options, got null',
    ],
    [
      'a mistyped option within another',
      (byte) => startMockServer({ journal: { byte } as object }),
      1,
      'journal.byte: unknown option; did you mean "bytes"?',
    ],
    [
      'a number of sessions as journal',
      (journal) => startMockServer({ journal }),
      5,
      'journal: expected an object with sessions, bytes or audio, got a number',
    ],
    [
      'a mistyped clock',
      (clock) => startMockServer({ clock }),
      'manul',
      'clock: expected real or manual, got "manul"',
    ],
    [
      'a text where yes or no belongs',
      (page) => startMockServer({ page }),
      'no',
      'page: expected true or false, got "no"',
    ],
    [
      'an object as a callback',
      (onEvent) => startMockServer({ onEvent }),
      {},
      'onEvent: expected a function',
    ],
    ['a mistyped state', (status) => startMockServer({ service: { status } }), 'redy', 'service.status: '],
    [
      'a certificate alone',
      (certificate) => startMockServer({ tls: { certificate } as never }),
      'x',
      'tls.certificate: unknown option; expected cert or key',
    ],
    [
      'a mistyped part to reset',
      (jurnal) => fake.reset({ jurnal } as object),
      true,
      'reset(): jurnal: unknown option; did you mean "journal"?',
    ],
    [
      'a number as part to reset',
      (journal) => fake.reset({ journal }),
      1,
      'reset(): journal: expected true or false, got a number',
    ],
    [
      'a mistyped expectation',
      (exactli) => fake.verify([{ of: 'start' }, { of: 'start', exactli } as object]),
      0,
      'verify(): 1.exactli: unknown option; did you mean "exactly"?',
    ],
    [
      'limits of an expectation that exclude each other',
      (atMost) => fake.verify([{ of: 'audio' }, { of: 'audio', atLeast: 3, atMost }]),
      1,
      'verify(): 1.atMost: is below atLeast: 1 is less than 3',
    ],
    [
      'two kinds of number',
      (exactly) => fake.verify([{ of: 'audio', exactly, atMost: 2 }]),
      1,
      'verify(): 0.exactly: excludes atMost',
    ],
    [
      'two things to count',
      (message) => fake.verify([{ of: 'audio', message }]),
      'hello',
      'verify(): 0.message: excludes of: one of them is expected',
    ],
    [
      'a mistyped wait',
      (within) => fake.verify([{ of: 'start' }], { within } as object),
      5,
      'verify(): within: unknown option; did you mean "withinMs"?',
    ],
    [
      'a number as recording',
      (file) => recording(file),
      5,
      'recording(): expected the name or the path of a recording, got a number',
    ],
    [
      'a mistyped side',
      (sied) => judgeTrace([], { sied } as object),
      'client',
      'judgeTrace(): sied: unknown option; did you mean "side"?',
    ],
    [
      'a mistyped tolerance',
      (audio) => judgeTrace([], { tolerances: { audioM: audio } as object }),
      5,
      'judgeTrace(): tolerances.audioM: unknown option; did you mean "audioMs"?',
    ],
    [
      'a mistyped limit',
      (session) =>
        runConformance({ dialect: 'reson8', url: 'ws://127.0.0.1:9', budget: { session } as object }),
      5,
      'runConformance(): budget.session: unknown option; did you mean "sessions"?',
    ],
    [
      'a mistyped profile',
      (profil) => runConformance({ dialect: 'reson8', url: 'ws://127.0.0.1:9', profil } as never),
      'quick',
      'runConformance(): profil: unknown option; did you mean "profile"?',
    ],
    ['no events', (events) => judgeTrace(events), undefined, 'judgeTrace(): expected a list of events'],
    ['a file as events', (events) => judgeTrace(events), '{"kind":"trace"}', 'list of events, such as'],
    [
      'an unknown side',
      (side) => judgeTrace([], { side }),
      'cleint',
      'judgeTrace(): side: expected server, client or both, got "cleint"',
    ],
    [
      'one deviation as a text',
      (deviations) => judgeTrace([], { deviations }),
      'scriptix-stop',
      'judgeTrace(): deviations: expected a list of texts, got a text',
    ],
    [
      'a text as tolerance',
      (audioMs) => judgeTrace([], { tolerances: { audioMs } }),
      '500',
      'judgeTrace(): tolerances.audioMs: expected a number from 0, got a text',
    ],
    [
      'no options to run with',
      (options) => runConformance(options),
      undefined,
      'runConformance(): dialect: expected scriptix, reson8 or reson8-turns, got nothing',
    ],
    [
      'no URL',
      (url) => run({ url }),
      undefined,
      'runConformance(): url: expected a URL that begins with ws://',
    ],
    [
      'a host as URL',
      (url) => run({ url }),
      'localhost',
      'runConformance(): url: expected a URL that begins',
    ],
    [
      'a URL of files',
      (url) => run({ url }),
      'ftp://localhost',
      'url: expected a URL that begins with ws://',
    ],
    ['an unknown dialect', (dialect) => run({ dialect }), 'resn8', 'dialect: expected scriptix, reson8 or'],
    [
      'an unknown profile',
      (profile) => run({ profile }),
      'quik',
      'profile: expected quick, full or live, got',
    ],
    ['a text as seed', (seed) => run({ seed }), 'x', 'seed: expected a whole number from 0, got a text'],
    ['fewer runs than none', (runs) => run({ runs }), -1, 'runs: expected a whole number from 0, got -1'],
    ['a text as pace', (pace) => run({ pace }), 'fast', 'pace: expected a number from 0.01, got a text'],
    ['part 5 of 2', (shard) => run({ shard }), { index: 5, count: 2 }, 'shard: expected a part, {"index": 1'],
    [
      'names as scenarios',
      (scenarios) => run({ scenarios }),
      ['x'],
      'scenarios: expected a list of scenarios',
    ],
    ['a baseline without ids', (baseline) => run({ baseline }), [{}], 'baseline: expected a list of known'],
    [
      'a key that is a number',
      (valid) => run({ credentials: { valid } }),
      5,
      'runConformance(): credentials.valid: expected a text, got a number',
    ],
    [
      'an unknown requirement',
      (only) => run({ only, skip: ['R8-FL-2'] }),
      ['SX-FIN-14'],
      'runConformance(): only: there is no requirement "SX-FIN-14"; did you mean "SX-FIN-014"?\nrunConformance(): skip: there is no requirement "R8-FL-2"; did you mean "R8-FL-002"?',
    ],
    [
      'a requirement of another service',
      (only) => run({ only }),
      ['SX-FIN-014'],
      'runConformance(): only: SX-FIN-014 is not for a reson8 server; understudy conformance list shows',
    ],
    [
      'an unknown requirement for a trace',
      (skip) => judgeTrace([], { skip }),
      ['SX-FIN-14'],
      'judgeTrace(): skip: there is no requirement "SX-FIN-14"; did you mean "SX-FIN-014"?',
    ],
    [
      'an unknown deviation',
      (deviations) => run({ deviations }),
      ['scriptix-stpo'],
      'runConformance(): deviations: there is no deviation "scriptix-stpo"; did you mean "scriptix-stop"?',
    ],
    [
      'an unknown deviation for a trace',
      (deviations) => judgeTrace([], { deviations }),
      ['anything'],
      'judgeTrace(): deviations: there is no deviation "anything"; expected reson8-confidence-logprob, ',
    ],
    [
      'a part of a run that costs',
      (profile) => run({ profile, shard: { index: 1, count: 2 } }),
      'live',
      'shard: not with the profile live: only generated sessions are shared out',
    ],
    [
      'more parts than sessions',
      (runs) => run({ runs, shard: { index: 1, count: 2 } }),
      1,
      'shard: there is one session to be generated, which cannot be shared out as 1/2: expected at least',
    ],
    [
      'a baseline with an unknown requirement',
      (baseline) => run({ baseline }),
      [{ id: 'R8-FL-099', reason: 'known' }],
      'baseline[0].id: there is no requirement R8-FL-099',
    ],
    [
      'a baseline that never expires',
      (baseline) => run({ baseline }),
      [{ id: 'R8-FL-002', reason: 'known', expires: 'never' }],
      'baseline[0].expires: expected a day such as 2025-12-31',
    ],
    [
      'a scenario of another service',
      (file) => run({ scenarios: [{ name: 'speech', file }] }),
      { dialect: 'scriptix' },
      'scenarios: speech is for scriptix, and the server speaks reson8',
    ],
    ['a text as signal', (signal) => run({ signal }), 'x', 'signal: expected an AbortSignal, got a text'],
    [
      'a number as callback',
      (onProgress) => run({ onProgress }),
      1,
      'onProgress: expected a function, got a',
    ],
  ])('%s gets an error that says what is wrong', async (_what, call, wrong, told) => {
    const calling = async () => {
      await call(wrong as never);
    };

    await expect(calling()).rejects.toThrow(told);
  });
});
