import { dialectsIn, SCOPES, vendorIn, type Scope } from '../../protocol/dialects.ts';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { BudgetLimits } from '../../conformance/player/budget.ts';
import { openSounds } from '../../conformance/player/sounds.ts';
import { runConformance, type Profile, type ConformanceOptions } from '../../conformance/run-server.ts';
import { PROFILES } from '../../conformance/server-run-options.ts';
import { wrongPort } from '../../runtime/network/authority.ts';
import { UserError } from '../../runtime/errors.ts';
import { parseShard } from '../../runtime/shard.ts';
import { listed } from '../../runtime/text/listed.ts';
import { withoutTrailing } from '../../runtime/trailing.ts';
import { checkScenarios, fileOrProbe } from '../../conformance/player/probes.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { TRUST_TOLD } from '../environment.ts';
import { asText, asTexts, many, one, readAll, toggle, withFlags, type Flag, type ValuesOf } from '../flag.ts';
import { inFlags } from '../start/in-flags.ts';
import { leave } from '../terminal.ts';
import { asChoice, asDuration, asNumber, asWhole } from '../values.ts';
import { EDITION, readNamed } from './editions.ts';
import { nameIn } from '../../conformance/judging/chosen.ts';
import { asCredential, asIds, asTextOf, checkIds, JUDGING } from './flags.ts';
import { asOrigin } from './origin.ts';
import { COUNTEREXAMPLES, type Output } from './output.ts';
import { runInTerminal } from './run.ts';

const USUAL_PROFILE = 'full';

const FLAGS = {
  dialect: one('Protocol of the server: scriptix, reson8, or reson8-turns alone', asChoice(SCOPES), {
    missing: `expected ${listed(SCOPES)}`,
  }),
  edition: EDITION,
  url: one(
    'Its origin, such as wss://realtime.example.com; the runner adds the documented paths',
    asOrigin(['ws:', 'wss:']),
    { missing: 'expected the origin of the server, such as ws://127.0.0.1:8080' },
  ),
  'api-url': one('Origin of the REST API (the same host)', asOrigin(['http:', 'https:'])),
  token: credential('Valid credential', 'UNDERSTUDY_TOKEN'),
  'admin-token': credential('Credential that may start the service', 'UNDERSTUDY_ADMIN_TOKEN'),
  'user-token': credential('Credential without the admin scope', 'UNDERSTUDY_USER_TOKEN'),
  'bad-token': credential('Invalid credential, which the server must refuse', 'UNDERSTUDY_BAD_TOKEN'),
  audio: one('Speech to send: WAVE, converted to 16 kHz and one channel (a bundled recording)', asText),
  transcript: one(
    'File with the transcript of --audio; the report says how many words differ',
    asTextOf('transcript'),
  ),
  'stream-source': one(
    'Base URL of audio files that the server can fetch (served by the runner on loopback)',
    asBase,
  ),
  profile: one('quick, full or live (full)', asChoice<Profile>(['quick', 'full', 'live'])),
  pace: one('Speed at which audio is sent: realtime, or a multiple of it (20; live: realtime)', asPace),
  seed: one('Seed of generated sessions (1)', asWhole),
  runs: one('Number of generated sessions, whatever --only says (60; quick and live: 0)', asWhole),
  shard: one(
    'Play only this part of the generated sessions, such as 1/3, in addition to all probes; conformance merge puts the parts together',
    parseShard,
    { sets: ['shard'] },
  ),
  'max-audio': one('Budget of audio, such as 120s', asDuration),
  'max-sessions': one('Budget of connections and calls', asWhole),
  'max-time': one(
    'Budget of time, such as 10m; the run ends within 5 s of it, whatever the server does',
    asDuration,
  ),
  'shrink-time': one(
    'Time to look for the smallest session that breaks a requirement (60s); 0 turns this off',
    (text) => (text === '0' ? 0 : asDuration(text)),
  ),
  baseline: JUDGING.baseline,
  traces: JUDGING.traces,
  counterexamples: one('Folder for generated scenarios that break a requirement (counterexamples)', asText),
  only: many('Ids of requirements to judge, separated by commas; only what they need is played', asIds),
  skip: many('Ids of requirements to leave out, together with what only they need', asIds),
  scenario: many(
    'File, or bundled probe such as reson8/speech, to play instead of what is needed; repeatable',
    asTexts,
    { sets: ['scenarios'] },
  ),
  deviation: JUDGING.deviation,
  report: JUDGING.report,
  redact: JUDGING.redact,
  strict: JUDGING.strict,
  'allow-scale': toggle(
    'Permit POST initialize on a host other than this machine: it may start something that costs money',
  ),
};

/** Adds the flags of `conformance server`. */
export function conformanceServerFlags(argv: Argv): Argv {
  return withFlags(argv, FLAGS)
    .example(
      '$0 conformance server --dialect reson8 --url ws://127.0.0.1:8080 --token x --bad-token invalid-key',
      'The fake itself',
    )
    .example(
      'UNDERSTUDY_TOKEN=… $0 conformance server --dialect scriptix --url wss://realtime.example.com --profile live',
      'A real service, within a budget',
    )
    .epilogue(TRUST_TOLD);
}

/**
 * For the look-ups of glibc (resolv.conf(5)), which cannot be interrupted, not even by the end of the process: with a
 * silent name server each takes from 10 s to minutes, and so would the end of a run.
 */
const LOOK_UPS = 'timeout:2 attempts:2';

/** Judges a server, prints and writes reports, and sets the exit code. */
export async function conformanceServer(given: ArgumentsCamelCase): Promise<void> {
  await run(given).catch((error: unknown) => {
    throw inFlags(error, FLAGS, given, process.env);
  });
  await leave();
}

async function run(given: ArgumentsCamelCase): Promise<void> {
  const flags = readAll(FLAGS, given);
  const options = await optionsOf(flags);
  process.env['RES_OPTIONS'] ??= LOOK_UPS;
  await runInTerminal(outputOf(flags), (watch) => runConformance({ ...options, ...watch }));
}

/** The recording that --audio replaces. */
const BUNDLED_SPEECH = 'en-appointment.wav';

/**
 * The options that the flags stand for.
 *
 * @throws UserError for flags that do not fit together, and files that cannot be read
 */
async function optionsOf(flags: ValuesOf<typeof FLAGS>): Promise<ConformanceOptions> {
  const { dialect, audio, only, skip, scenario, baseline } = flags;
  const vendor = vendorIn(dialect);
  const editions = readNamed(flags.edition, [vendor]);
  const name = nameIn(`a ${dialect} server`, editions[vendor]);
  checkIds({ side: 'server', dialects: dialectsIn(dialect), editions, name }, { only, skip });
  // Fails before a run rather than in the middle of it.
  if (audio !== undefined) openSounds(audio).sound(BUNDLED_SPEECH);
  const scenarios = await scenariosOf(scenario, dialect);
  return {
    dialect,
    editions,
    url: flags.url,
    apiUrl: flags['api-url'],
    credentials: {
      valid: flags.token,
      admin: flags['admin-token'],
      user: flags['user-token'],
      invalid: flags['bad-token'],
    },
    audio,
    transcript: flags.transcript,
    streamSource: flags['stream-source'],
    profile: flags.profile ?? USUAL_PROFILE,
    pace: flags.pace,
    only,
    skip,
    scenarios,
    seed: flags.seed,
    runs: flags.runs,
    shard: flags.shard,
    shrinkMs: flags['shrink-time'],
    budget: budgetOf(flags),
    allowScale: flags['allow-scale'],
    deviations: flags.deviation,
    baseline: baseline?.entries,
    strict: flags.strict,
    files: { scenarios: scenario, baseline: baseline?.file },
    redact: flags.redact,
  };
}

function outputOf({ report, traces, ...flags }: ValuesOf<typeof FLAGS>): Output {
  const { runs = PROFILES[flags.profile ?? USUAL_PROFILE].runs } = flags;
  // Only generated sessions can produce any.
  const { counterexamples = runs > 0 ? COUNTEREXAMPLES : undefined } = flags;
  return { reports: report, traces, counterexamples };
}

/**
 * Reads the scenarios of `--scenario`.
 *
 * @returns undefined if none were given: then the run plays what it needs
 */
async function scenariosOf(
  given: readonly string[],
  dialect: Scope,
): Promise<readonly Scenario[] | undefined> {
  const scenarios = await Promise.all(given.map(fileOrProbe));
  checkScenarios(scenarios, dialect);
  return scenarios.length === 0 ? undefined : scenarios;
}

function credential(describe: string, env: string): Flag<string | undefined> {
  return one(`${describe} (${env})`, asCredential, { env });
}

/**
 * A base URL for streams.
 *
 * @throws UserError
 */
function asBase(text: string): string {
  const expected = 'expected a base such as https://files.example.com/audio';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.search !== '') {
    throw new UserError(expected);
  }
  const wrong = wrongPort(text);
  if (wrong !== undefined) throw new UserError(`${expected}; ${wrong}`);
  return withoutTrailing(text, '/');
}

/**
 * A speed.
 *
 * @throws UserError
 */
function asPace(text: string): number {
  if (text === 'realtime') return 1;
  const pace = asNumber(text);
  if (!(pace >= 0.1 && pace <= 1000)) throw new UserError(`expected realtime, or 0.1 to 1000, got ${pace}`);
  return pace;
}

function budgetOf(flags: ValuesOf<typeof FLAGS>): Partial<BudgetLimits> {
  const limits = {
    audioMs: flags['max-audio'],
    sessions: flags['max-sessions'],
    timeMs: flags['max-time'],
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
