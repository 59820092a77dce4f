import { CLIENT_DIALECTS } from '../../conformance/client/suites/suites.ts';
import { vendorOf } from '../../protocol/dialects.ts';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { FakeAddresses } from '../../conformance/client/fake.ts';
import type { ClientRunOptions } from '../../conformance/client-run-options.ts';
import { runClient } from '../../conformance/run-client.ts';
import { UserError } from '../../runtime/errors.ts';
import { parseShard } from '../../runtime/shard.ts';
import { listed } from '../../runtime/text/listed.ts';
import { asText, asTexts, many, one, readAll, toggle, withFlags, type ValuesOf } from '../flag.ts';
import { inFlags } from '../start/in-flags.ts';
import { print, say } from '../terminal.ts';
import { asChoice, asDuration, asWhole, notZero } from '../values.ts';
import { startClientFake } from './client-fake.ts';
import { EDITION, readNamed } from './editions.ts';
import { nameIn } from '../../conformance/judging/chosen.ts';
import { asCredential, checkIds, JUDGING } from './flags.ts';
import { runInTerminal } from './run.ts';

const FLAGS = {
  dialect: one(`Protocol of the client: ${listed(CLIENT_DIALECTS)}`, asChoice(CLIENT_DIALECTS), {
    missing: `expected ${listed(CLIENT_DIALECTS)}`,
  }),
  edition: EDITION,
  timeout: one('How long the client may take for one scenario (30s)', notZero(asDuration)),
  'max-time': one(
    'How long the run may take, such as 10m (no limit); it ends within 5 s of it, whatever the client does',
    notZero(asDuration),
  ),
  concurrency: one(
    'Maximum number of clients at once (4 per core, at most 16; 1 runs them one by one)',
    notZero(asWhole),
  ),
  shard: one(
    'Play only this part of the scenarios, such as 1/3; conformance merge judges all parts together',
    parseShard,
  ),
  'client-report': one(
    'Where the client writes what its user sees: fd3 or stdout (fd3)',
    asChoice(['fd3', 'stdout']),
  ),
  token: one(
    'Credential that the client is given (one with characters that a URL must encode)',
    asCredential,
  ),
  audio: one(
    'Recording that the client is given: a file, or the name of a bundled one (en-appointment.wav)',
    asText,
  ),
  language: one('Language that the client is given (en)', asText),
  'stream-url': one(
    'Stream that a client of stream mode is given (a signed URL that the runner serves)',
    asText,
  ),
  seed: one('Seed for everything random (1)', asWhole),
  baseline: JUDGING.baseline,
  traces: JUDGING.traces,
  scenario: many('Name or file, instead of all bundled scenarios of the dialect; repeatable', asTexts),
  only: JUDGING.only,
  skip: JUDGING.skip,
  deviation: JUDGING.deviation,
  report: JUDGING.report,
  redact: JUDGING.redact,
  attach: toggle('Print where to connect, and wait for a client that you start, such as a page in a browser'),
  strict: JUDGING.strict,
};

/** What yargs found for `conformance client`. */
export interface ClientArguments {
  /** The words after `--`. */
  readonly '--'?: readonly (string | number)[];
}

// One paragraph each, which yargs breaks at the width of the terminal.
const USAGE = [
  '$0 conformance client --dialect D [flags] -- COMMAND [ARG …]',
  '',
  'Runs the command once for every scenario, without a shell, each time against a fresh fake, and judges what it does. ' +
    'The arguments may contain {url} {api} {token} {audio} {language} {stream-url}. ' +
    'The values are also in the environment, as UNDERSTUDY_URL (the endpoint, without a query), UNDERSTUDY_BASE_URL, ' +
    'UNDERSTUDY_API_URL, UNDERSTUDY_TOKEN, UNDERSTUDY_AUDIO, UNDERSTUDY_LANGUAGE, UNDERSTUDY_STREAM_URL and ' +
    'UNDERSTUDY_SCENARIO. The command should end by itself when its session is over. ' +
    'It may report what its user sees on file descriptor 3, one JSON object per line:',
  '',
  '  {"event":"state","state":"listening"}',
  '  {"event":"display","text":"…"}',
  '  {"event":"final","text":"…"}',
  '  {"event":"error","kind":"timeout|auth|closed|server|other","message":"…"}',
  '  {"event":"closed","code":1006}',
  '',
  'Exit code: 0 conforming and complete, 1 a violation, 2 wrong usage, 3 incomplete (also when the client was killed, ' +
    'did not end in time or did nothing), 4 stale baseline, 5 a fault of the runner.',
].join('\n');

/** Adds the flags of `conformance client`. */
export function conformanceClientFlags(argv: Argv): Argv<ClientArguments> {
  return (
    withFlags(argv.usage(USAGE), FLAGS)
      // What follows -- belongs to the client and is not interpreted here.
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
export async function conformanceClient(given: ArgumentsCamelCase<ClientArguments>): Promise<void> {
  await run(given).catch((error: unknown) => {
    throw inFlags(error, FLAGS, given, process.env);
  });
}

async function run(given: ArgumentsCamelCase<ClientArguments>): Promise<void> {
  const flags = readAll(FLAGS, given);
  const options = optionsOf(flags, (given['--'] ?? []).map(String));
  await runInTerminal(
    { reports: flags.report, traces: flags.traces, counterexamples: undefined },
    async (watch) => ({ ...(await runClient({ ...options, ...watch })), counterexamples: [] }),
  );
}

/** @param command the words after `--`. @throws UserError for flags that do not fit together */
function optionsOf(flags: ValuesOf<typeof FLAGS>, command: readonly string[]): ClientRunOptions {
  const { dialect, scenario, only, skip } = flags;
  const editions = readNamed(flags.edition, [vendorOf(dialect)]);
  const name = nameIn(`a client of ${dialect}`, editions[vendorOf(dialect)]);
  checkIds({ side: 'client', dialects: [dialect], editions, name }, { only, skip });
  return {
    dialect,
    editions,
    startFake: startClientFake,
    client: clientOf(flags, command),
    only,
    skip,
    deviations: flags.deviation,
    strict: flags.strict,
    redact: flags.redact,
    baseline: flags.baseline?.entries,
    baselineFile: flags.baseline?.file,
    scenarios: scenario.length === 0 ? undefined : scenario,
    timeoutMs: flags.timeout,
    maxTimeMs: flags['max-time'],
    concurrency: flags.concurrency,
    shard: flags.shard,
    token: flags.token,
    audio: flags.audio,
    language: flags.language,
    streamUrl: flags['stream-url'],
    seed: flags.seed,
  };
}

function clientOf(
  { attach, token, 'client-report': reportsOn = 'fd3' }: ValuesOf<typeof FLAGS>,
  [command, ...args]: readonly string[],
): ClientRunOptions['client'] {
  if (attach) {
    if (command !== undefined) {
      throw new UserError('expected no command, since you start the client', { flag: 'attach' });
    }
    return { kind: 'attach', onAddresses: (addresses) => tellAddresses(token, addresses) };
  }
  if (command === undefined || command === '') {
    throw new UserError('expected -- COMMAND ARG …, or --attach for a client that you start yourself', {
      command: 'conformance client',
    });
  }
  return { kind: 'command', command, args, reportsOn };
}

/** The address is a result, since a person or a program waits for it. */
function tellAddresses(token: string | undefined, { url, apiUrl }: FakeAddresses): void {
  print(url);
  say(
    `Connect the client to ${url} (REST API: ${apiUrl}); ${token === undefined ? 'any token will do' : 'the token is valid, and so is any other'}.`,
  );
  say('Each scenario begins with a connection or a call, and is over when nothing has been open for 2 s.');
}
