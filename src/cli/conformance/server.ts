import { VENDORS, dialectsOf, vendorOf } from '../../protocol/dialects.ts';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { BudgetLimits } from '../../conformance/player/budget.ts';
import { openSounds } from '../../conformance/player/sounds.ts';
import type { Credentials } from '../../conformance/player/target.ts';
import { runConformance, type Profile, type ConformanceOptions } from '../../conformance/run-server.ts';
import { PROFILES } from '../../conformance/server-run-options.ts';
import { wrongPort } from '../../runtime/network/authority.ts';
import { UserError } from '../../runtime/errors.ts';
import { withoutTrailing } from '../../runtime/trailing.ts';
import { fileOrProbe } from '../../conformance/player/probes.ts';
import { parseReportTargets } from '../../conformance/report/write.ts';
import {
  baselineOf,
  credentialOf,
  deviationOf,
  idsOf,
  listOf,
  REPORT_DESCRIBED,
  textOf,
  wholeNumber,
} from './flags.ts';
import { COUNTEREXAMPLES, finishRun, prepareOutput, type Output } from './output.ts';
import { watchProgress } from './progress.ts';
import { readRedact, REDACT_DESCRIBED } from '../redact-flag.ts';
import { leave } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';
import { once, readChoice, readDuration, readNumber } from '../values.ts';

type Text = string | readonly string[];

const ONE = [
  'dialect',
  'url',
  'api-url',
  'token',
  'admin-token',
  'user-token',
  'bad-token',
  'audio',
  'transcript',
  'stream-source',
  'profile',
  'pace',
  'seed',
  'runs',
  'max-audio',
  'max-sessions',
  'max-time',
  'shrink-time',
  'baseline',
  'traces',
  'counterexamples',
] as const;
const MANY = ['only', 'skip', 'scenario', 'deviation', 'report', 'redact'] as const;
type One = (typeof ONE)[number];
type Many = (typeof MANY)[number];
export type ServerFlags = Readonly<Partial<Record<One | Many, Text>>> & {
  readonly strict: boolean;
  readonly 'allow-scale': boolean;
};

const DESCRIBED: Readonly<Record<One | Many, string>> = {
  dialect: 'Protocol of the server: scriptix or reson8',
  url: 'Its origin, such as wss://realtime.example.com; the runner adds the documented paths',
  'api-url': 'Origin of the REST API (the same host)',
  token: 'Valid credential (UNDERSTUDY_TOKEN)',
  'admin-token': 'Credential that may start the service (UNDERSTUDY_ADMIN_TOKEN)',
  'user-token': 'Credential without the admin scope (UNDERSTUDY_USER_TOKEN)',
  'bad-token': 'Invalid credential, which the server must refuse (UNDERSTUDY_BAD_TOKEN)',
  audio: 'Speech to send: WAVE, converted to 16 kHz and one channel (a bundled recording)',
  transcript: 'File with what is said in --audio; the report says how many words differ',
  'stream-source': 'Base URL of audio files that the server can fetch (served by the runner on loopback)',
  profile: 'quick, full or live (full)',
  pace: 'Speed at which audio is sent: realtime, or a multiple of it (20; live: realtime)',
  seed: 'Seed of generated sessions (1)',
  runs: 'Number of generated sessions, whatever --only says (60; quick and live: 0)',
  'max-audio': 'Budget of audio, such as 120s',
  'max-sessions': 'Budget of connections and calls',
  'max-time': 'Budget of time, such as 10m; the run ends within 5 s of it, whatever the server does',
  'shrink-time': 'Time to look for the smallest session that breaks a requirement (60s); 0: none',
  baseline: 'File with known failures: id, reason, expires',
  traces: 'Folder to keep the trace of every play in',
  counterexamples: 'Folder for generated scenarios that break a requirement (counterexamples)',
  only: 'Ids of requirements to judge, separated by commas; nothing is played that they do not need',
  skip: 'Ids of requirements to leave out, with what only they need',
  scenario: 'File, or bundled probe such as reson8/speech, to play instead of what is needed; repeatable',
  deviation: 'Named deviation to accept; repeatable',
  report: REPORT_DESCRIBED,
  redact: REDACT_DESCRIBED,
};

export function conformanceServerFlags(argv: Argv): Argv<ServerFlags> {
  const text = { type: 'string', requiresArg: true } as const;
  const flags = [...ONE, ...MANY].reduce<Argv>(
    (all, flag) => all.option(flag, { ...text, describe: DESCRIBED[flag] }),
    argv,
  );
  return flags
    .option('strict', { type: 'boolean', default: false, describe: 'SHOULD counts as MUST' })
    .option('allow-scale', {
      type: 'boolean',
      default: false,
      describe:
        'Permit POST initialize on another host than this machine: it may start something that costs money',
    })
    .example(
      '$0 conformance server --dialect reson8 --url ws://127.0.0.1:8080 --token x --bad-token invalid-key',
      'The fake itself',
    )
    .example(
      'UNDERSTUDY_TOKEN=… $0 conformance server --dialect scriptix --url wss://realtime.example.com --profile live',
      'A real service, within a budget',
    );
}

/**
 * For the look-ups of glibc (resolv.conf(5)), which nothing can end, not even the end of the process: with a silent name
 * server each would take from 10 s to minutes, and so would the end of a run.
 */
const LOOK_UPS = 'timeout:2 attempts:2';

/** Judges a server, prints and writes reports, and sets the exit code. */
export async function conformanceServer(given: ArgumentsCamelCase<ServerFlags>): Promise<void> {
  const { options, output } = await readFlags(given, process.env);
  prepareOutput(output);
  process.env['RES_OPTIONS'] ??= LOOK_UPS;
  const progress = watchProgress();
  try {
    const run = await untilStopped((signal) =>
      runConformance({ ...options, signal, onProgress: progress.show }),
    );
    progress.done();
    finishRun(run, output);
  } finally {
    progress.done();
  }
  await leave();
}

/** What --audio is sent instead of. */
const BUNDLED_SPEECH = 'en-appointment.wav';

interface Read {
  readonly options: ConformanceOptions;
  readonly output: Output;
}

/** @throws UserError for the first flag that cannot be read */
async function readFlags(given: ServerFlags, env: NodeJS.ProcessEnv): Promise<Read> {
  const one = (flag: One) => (given[flag] === undefined ? undefined : once(`--${flag}`, given[flag]));
  const many = (flag: Many) => listOf(given[flag]);
  const text = one('dialect');
  if (text === undefined) throw new UserError(`--dialect: expected ${VENDORS.join(' or ')}`);
  const dialect = readChoice('--dialect', text, VENDORS);
  const subject = { side: 'server', dialects: dialectsOf(dialect), name: `a ${dialect} server` } as const;
  const url = one('url');
  if (url === undefined)
    throw new UserError('--url: expected the origin of the server, such as ws://127.0.0.1:8080');
  const apiUrl = one('api-url');
  const streamSource = one('stream-source');
  const whole = (flag: One) => wholeNumber(flag, one(flag));
  const profile = readChoice<Profile>('--profile', one('profile') ?? 'full', ['quick', 'full', 'live']);
  const seed = whole('seed');
  const runs = whole('runs');
  const scenarios = many('scenario');
  const transcript = one('transcript');
  const pace = one('pace');
  const shrinkTime = one('shrink-time');
  const audio = one('audio');
  // Fails before a run, not in the middle of it.
  if (audio !== undefined) openSounds(audio).sound(BUNDLED_SPEECH);
  const options: ConformanceOptions = {
    dialect,
    url: originOf('url', url, ['ws:', 'wss:']),
    ...(apiUrl === undefined ? {} : { apiUrl: originOf('api-url', apiUrl, ['http:', 'https:']) }),
    credentials: credentialsOf(one, env),
    audio,
    ...(transcript === undefined ? {} : { transcript: await textOf('transcript', transcript) }),
    ...(streamSource === undefined ? {} : { streamSource: baseOf(streamSource) }),
    profile,
    pace: pace === undefined ? undefined : paceOf(pace),
    only: idsOf('only', given.only, subject),
    skip: idsOf('skip', given.skip, subject),
    ...(scenarios.length === 0 ? {} : { scenarios: await Promise.all(scenarios.map(fileOrProbe)) }),
    ...(seed === undefined ? {} : { seed }),
    runs,
    ...(shrinkTime === undefined
      ? {}
      : { shrinkMs: shrinkTime === '0' ? 0 : readDuration('--shrink-time', shrinkTime) }),
    budget: budgetOf(one, whole),
    allowScale: given['allow-scale'],
    deviations: many('deviation').map(deviationOf),
    baseline: await baselineOf(one('baseline')),
    strict: given.strict,
    files: { scenarios, baseline: one('baseline') },
    redact: readRedact(given.redact),
  };
  for (const { name, file } of options.scenarios ?? []) {
    if (vendorOf(file.dialect) !== dialect) {
      throw new UserError(`--scenario: ${name} is for ${file.dialect}, and the server speaks ${dialect}`);
    }
  }
  return {
    options,
    output: {
      reports: parseReportTargets(many('report')),
      traces: one('traces'),
      // Only generated sessions lead to some.
      counterexamples:
        one('counterexamples') ?? ((runs ?? PROFILES[profile].runs) > 0 ? COUNTEREXAMPLES : undefined),
    },
  };
}

function originOf(flag: One, text: string, protocols: readonly string[]): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const expected = `--${flag}: expected an origin such as ${protocols[0] ?? ''}//127.0.0.1:8080`;
  if (url === undefined || !protocols.includes(url.protocol)) {
    throw new UserError(`${expected}, ${protocols.map((each) => `${each}//`).join(' or ')} first`);
  }
  const wrong = wrongPort(text);
  if (wrong !== undefined) throw new UserError(`${expected}; ${wrong}`);
  // It may hold a credential, so it is not repeated.
  if (url.username !== '' || url.password !== '')
    throw new UserError(`${expected}, without user and password`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new UserError(`${expected}, without a path: the runner adds the documented ones`);
  }
  // Reports have commands to copy into a shell.
  if (!/^[\w.:[\]-]+$/.test(url.host)) throw new UserError(`${expected}, got a name that no host has`);
  return url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin;
}

function baseOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.search !== '') {
    throw new UserError('--stream-source: expected a base such as https://files.example.com/audio');
  }
  const wrong = wrongPort(text);
  if (wrong !== undefined)
    throw new UserError(`--stream-source: expected a base such as https://files.example.com/audio; ${wrong}`);
  return withoutTrailing(text, '/');
}

const TOKENS = { valid: 'token', admin: 'admin-token', user: 'user-token', invalid: 'bad-token' } as const;

function credentialsOf(one: (flag: One) => string | undefined, env: NodeJS.ProcessEnv): Credentials {
  const read = (kind: keyof typeof TOKENS) => {
    const flag = TOKENS[kind];
    return credentialOf(flag, one(flag) ?? env[`UNDERSTUDY_${flag.toUpperCase().replace('-', '_')}`]);
  };
  return { valid: read('valid'), admin: read('admin'), user: read('user'), invalid: read('invalid') };
}

function paceOf(text: string): number {
  if (text === 'realtime') return 1;
  const pace = readNumber('--pace', text);
  if (!(pace >= 0.1 && pace <= 1000))
    throw new UserError(`--pace: expected realtime, or 0.1 to 1000, got ${pace}`);
  return pace;
}

function budgetOf(
  one: (flag: One) => string | undefined,
  whole: (flag: One) => number | undefined,
): Partial<BudgetLimits> {
  const duration = (flag: One) => {
    const text = one(flag);
    return text === undefined ? undefined : readDuration(`--${flag}`, text);
  };
  const limits = {
    audioMs: duration('max-audio'),
    sessions: whole('max-sessions'),
    timeMs: duration('max-time'),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
