import { DIALECT_NAMES } from '../../protocol/dialects.ts';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { FakeAddresses } from '../../conformance/client/fake.ts';
import { parseReportTargets } from '../../conformance/report/write.ts';
import { runClient, type ClientRunOptions } from '../../conformance/run-client.ts';
import { UserError } from '../../runtime/errors.ts';
import { startClientFake } from './client-fake.ts';
import {
  baselineOf,
  credentialOf,
  deviationOf,
  idsOf,
  listOf,
  REPORT_DESCRIBED,
  wholeNumber,
} from './flags.ts';
import { finishRun, prepareOutput, type Output } from './output.ts';
import { watchProgress } from './progress.ts';
import { readRedact, REDACT_DESCRIBED } from '../redact-flag.ts';
import { print, say } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';
import { once, readChoice, readDuration } from '../values.ts';

type Text = string | readonly string[];

const ONE = [
  'dialect',
  'timeout',
  'max-time',
  'concurrency',
  'client-report',
  'token',
  'audio',
  'language',
  'stream-url',
  'seed',
  'baseline',
  'traces',
] as const;
const MANY = ['scenario', 'only', 'skip', 'deviation', 'report', 'redact'] as const;
type One = (typeof ONE)[number];
type Many = (typeof MANY)[number];
export type ClientFlags = Readonly<Partial<Record<One | Many, Text>>> & {
  readonly strict: boolean;
  readonly attach: boolean;
  /** What stands behind `--`. */
  readonly '--'?: readonly (string | number)[];
};

const DESCRIBED: Readonly<Record<One | Many, string>> = {
  dialect: `Protocol of the client: ${DIALECT_NAMES.join(', ')}`,
  scenario: 'Name or file, instead of all bundled scenarios of the dialect; repeatable',
  timeout: 'How long the client may take for one scenario (30s)',
  'max-time':
    'How long the run may take, such as 10m (no limit); it ends within 5 s of it, whatever the client does',
  concurrency: 'Maximum number of clients at once (4 per core, at most 16; 1 runs them one by one)',
  'client-report': 'Where the client writes what its user sees: fd3 or stdout (fd3)',
  token: 'Credential that the client is given (one with characters that a URL must encode)',
  audio: 'Recording that the client is given: a file, or the name of a bundled one (en-appointment.wav)',
  language: 'Language that the client is given (en)',
  'stream-url': 'What a client of stream mode is given (a signed URL that the runner serves)',
  seed: 'Seed for everything random (1)',
  baseline: 'File with known failures: id, reason, expires',
  traces: 'Folder to keep the trace of every play in',
  only: 'Ids of requirements to judge, separated by commas',
  skip: 'Ids of requirements to leave out',
  deviation: 'Named deviation to accept; repeatable',
  report: REPORT_DESCRIBED,
  redact: REDACT_DESCRIBED,
};

const USAGE = [
  '$0 conformance client --dialect D [flags] -- COMMAND [ARG …]',
  '',
  'Runs the command once for every scenario, without a shell, each time against a fresh fake, and judges what it does.',
  'In the arguments {url} {api} {token} {audio} {language} {stream-url} are replaced; the same are in the environment, as',
  'UNDERSTUDY_URL (the endpoint, without a query), UNDERSTUDY_BASE_URL, UNDERSTUDY_API_URL, UNDERSTUDY_TOKEN,',
  'UNDERSTUDY_AUDIO, UNDERSTUDY_LANGUAGE, UNDERSTUDY_STREAM_URL and UNDERSTUDY_SCENARIO. The command should end by itself',
  'when all is said. What its user sees it may report on file descriptor 3, a JSON object a line:',
  '',
  '  {"event":"state","state":"listening"}  {"event":"display","text":"…"}  {"event":"final","text":"…"}',
  '  {"event":"error","kind":"timeout|auth|closed|server|other","message":"…"}  {"event":"closed","code":1006}',
  '',
  'Exit code: 0 conforming and complete, 1 a violation, 2 wrong usage, 3 incomplete (also when the client was killed, did',
  'not end in time or did nothing), 4 stale baseline, 5 a fault of the runner.',
].join('\n');

export function conformanceClientFlags(argv: Argv): Argv<ClientFlags> {
  const text = { type: 'string', requiresArg: true } as const;
  const flags = [...ONE, ...MANY].reduce<Argv>(
    (all, flag) => all.option(flag, { ...text, describe: DESCRIBED[flag] }),
    argv.usage(USAGE),
  );
  return (
    flags
      .option('attach', {
        type: 'boolean',
        default: false,
        describe: 'Print where to connect, and wait for a client that you start, such as a page in a browser',
      })
      .option('strict', { type: 'boolean', default: false, describe: 'SHOULD counts as MUST' })
      // What follows -- belongs to the client and is not ours to read.
      .parserConfiguration({ 'populate--': true, 'camel-case-expansion': false })
      .example('$0 conformance client --dialect scriptix -- node examples/node/scriptix.mjs', 'All scenarios')
      .example(
        '$0 conformance client --dialect reson8 --scenario confirmation-late -- ./client --url {url} --key {token}',
        'One of them, with the values as arguments',
      )
      .example('$0 conformance client --dialect scriptix --attach', 'A page in a browser')
  );
}

/** Judges a client, prints and writes reports, and sets the exit code. */
export async function conformanceClient(given: ArgumentsCamelCase<ClientFlags>): Promise<void> {
  const { options, output } = await readFlags(given);
  prepareOutput(output);
  const progress = watchProgress();
  try {
    const run = await untilStopped((signal) => runClient({ ...options, signal, onProgress: progress.show }));
    progress.done();
    finishRun({ ...run, counterexamples: [] }, output);
  } finally {
    progress.done();
  }
}

interface Read {
  readonly options: ClientRunOptions;
  readonly output: Output;
}

/** @throws UserError for the first flag that cannot be read */
async function readFlags(given: ClientFlags): Promise<Read> {
  const one = (flag: One) => (given[flag] === undefined ? undefined : once(`--${flag}`, given[flag]));
  const many = (flag: Many) => listOf(given[flag]);
  const text = one('dialect');
  if (text === undefined) throw new UserError(`--dialect: expected ${DIALECT_NAMES.join(', ')}`);
  const dialect = readChoice('--dialect', text, DIALECT_NAMES);
  const subject = { side: 'client', dialects: [dialect], name: `a client of ${dialect}` } as const;
  const timeout = one('timeout');
  const maxTime = one('max-time');
  const scenarios = many('scenario');
  const options: ClientRunOptions = {
    dialect,
    startFake: startClientFake,
    client: clientOf(given, readChoice('--client-report', one('client-report') ?? 'fd3', ['fd3', 'stdout'])),
    only: idsOf('only', given.only, subject),
    skip: idsOf('skip', given.skip, subject),
    deviations: many('deviation').map(deviationOf),
    baseline: await baselineOf(one('baseline')),
    strict: given.strict,
    redact: readRedact(given.redact),
    ...(scenarios.length === 0 ? {} : { scenarios }),
    ...some(
      'timeoutMs',
      timeout === undefined ? undefined : positive('--timeout', readDuration('--timeout', timeout)),
    ),
    ...some(
      'maxTimeMs',
      maxTime === undefined ? undefined : positive('--max-time', readDuration('--max-time', maxTime)),
    ),
    ...some('concurrency', positive('--concurrency', wholeNumber('concurrency', one('concurrency')))),
    ...some('token', credentialOf('token', one('token'))),
    ...some('baselineFile', one('baseline')),
    ...some('audio', one('audio')),
    ...some('language', one('language')),
    ...some('streamUrl', one('stream-url')),
    ...some('seed', wholeNumber('seed', one('seed'))),
  };
  const reports = parseReportTargets(many('report'));
  return { options, output: { reports, traces: one('traces'), counterexamples: undefined } };
}

function some<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<Key, Value>>);
}

function positive(flag: string, number: number | undefined): number | undefined {
  if (number === 0) throw new UserError(`${flag}: expected more than 0`);
  return number;
}

function clientOf(given: ClientFlags, reportsOn: 'fd3' | 'stdout'): ClientRunOptions['client'] {
  const [command, ...args] = (given['--'] ?? []).map(String);
  if (given.attach) {
    if (command !== undefined)
      throw new UserError('--attach: expected no command, since you start the client');
    return { kind: 'attach', onAddresses: (addresses) => tellAddresses(given, addresses) };
  }
  if (command === undefined || command === '') {
    throw new UserError(
      'conformance client: expected -- COMMAND ARG …, or --attach for a client that you start yourself',
    );
  }
  return { kind: 'command', command, args, reportsOn };
}

/** The address is a result: a person or a program waits for it. */
function tellAddresses({ token }: ClientFlags, { url, apiUrl }: FakeAddresses): void {
  print(url);
  say(
    `Connect the client to ${url} (REST API: ${apiUrl}); ${token === undefined ? 'any token will do' : 'the token is taken, and any other'}.`,
  );
  say('Each scenario begins with a connection or a call, and is over when nothing has been open for 2 s.');
}
