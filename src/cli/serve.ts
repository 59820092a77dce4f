import { readFileSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import type { MockServerOptions } from '../mock-server/options.ts';
import type { ServerEvent } from '../mock-server/events.ts';
import { startMockServer } from '../mock-server/server.ts';
import type { ServerUrls } from '../mock-server/addresses.ts';
import { REPLAY_MODES } from '../scenario/replay-mode.ts';
import { codeOf, messageOf, UserError } from '../runtime/errors.ts';
import { plainJson, visible } from '../runtime/plain.ts';

import { once, readChoice, readDuration, readJournalMost, readNumber, readSize } from './values.ts';
import { readRedact, REDACT_DESCRIBED } from './redact-flag.ts';
import { paint, print, say } from './terminal.ts';
import { tooShort } from '../wire/redact/known.ts';
import { secretsOf } from '../mock-server/dialects/keys.ts';

const SERVICES = ['ready', 'scaled-down', 'fails-to-start', 'breaks'] as const;

/** What yargs found: text for a flag with a value, a list of it if it was given more than once. */
type Text = string | readonly string[];

interface ServeFlags {
  port: Text;
  host: Text;
  scenario: readonly string[];
  scenarios: readonly string[];
  watch: boolean;
  replay: Text;
  key: readonly string[];
  service: Text;
  'start-time': Text;
  seed: Text;
  speed: Text;
  speakers: Text;
  tls: boolean;
  cert?: Text | undefined;
  'key-file'?: Text | undefined;
  'allow-url': readonly string[];
  'max-frame': Text;
  'max-sessions': Text;
  'journal-max': Text;
  clock: Text;
  'control-token'?: Text | undefined;
  redact: readonly string[];
  json: boolean;
}

export const serveCommand: CommandModule<object, ServeFlags> = {
  command: 'serve',
  describe: 'Start the fake of both services',
  builder: flags,
  handler: serve,
};

function flags(argv: Argv): Argv<ServeFlags> {
  const one = { type: 'string', requiresArg: true } as const;
  const many = { ...one, array: true, default: [] as string[], defaultDescription: 'none' } as const;
  return argv
    .option('port', { ...one, default: '8080', describe: 'TCP port; 0 takes a free one' })
    .option('host', { ...one, default: '127.0.0.1', describe: 'Address to listen on' })
    .option('scenario', {
      ...many,
      describe: 'Scenario (name or file) for connections that select none; repeatable, one per dialect',
    })
    .option('scenarios', { ...many, describe: 'Folder with more scenario files; repeatable' })
    .option('watch', {
      type: 'boolean',
      default: false,
      describe: 'Read files in --scenarios again when they change',
    })
    .option('replay', {
      ...one,
      default: 'timed',
      describe: 'How a recording (--scenario FILE.ndjson) is played: timed, stepped, asap',
    })
    .option('key', { ...many, describe: 'Accept only KEY, or KEY:admin, KEY:user, KEY:expired; repeatable' })
    .option('service', {
      ...one,
      default: 'ready',
      describe: `State of the service behind the REST API: ${SERVICES.join(', ')}`,
    })
    .option('start-time', { ...one, default: '2s', describe: 'How long the service takes to start' })
    .option('seed', { ...one, default: '1', describe: 'Seed for everything that is made up' })
    .option('speed', { ...one, default: '1', describe: 'Scenario time runs this many times faster' })
    .option('speakers', { ...one, default: '0', describe: 'Label Scriptix finals with one of N speakers' })
    .option('tls', {
      type: 'boolean',
      default: false,
      describe: 'Serve wss and https, with a new certificate',
    })
    .option('cert', {
      ...one,
      implies: 'key-file',
      describe: 'Serve wss and https with this certificate (PEM)',
    })
    .option('key-file', { ...one, implies: 'cert', describe: 'The private key of --cert (PEM)' })
    .option('allow-url', {
      ...many,
      describe: 'Host, address or range that stream mode may fetch from; repeatable',
    })
    .option('max-frame', { ...one, default: '1MiB', describe: 'Longest message of a client' })
    .option('max-sessions', {
      ...one,
      default: '10000',
      describe: 'Maximum number of connections at the same time',
    })
    .option('journal-max', {
      ...one,
      default: '1000,16MiB',
      describe: 'Remember at most this many sessions and bytes for the control API; 0 remembers none',
    })
    .option('clock', {
      ...one,
      default: 'real',
      describe: 'manual: time advances only through the control API',
    })
    .option('control-token', {
      ...one,
      describe: 'Required by the control API; without it there is none on addresses other than loopback',
      defaultDescription: 'UNDERSTUDY_CONTROL_TOKEN',
    })
    .option('redact', { ...many, describe: REDACT_DESCRIBED })
    .option('json', { type: 'boolean', default: false, describe: 'One JSON object per line instead of text' })
    .example('$0 serve --port 0', 'Take a free port')
    .example('$0 serve --scenario drop-mid-word', 'Every connection breaks in the middle of a word')
    .example('$0 serve --service scaled-down --start-time 5s', 'POST /initialize takes five seconds')
    .example('$0 serve --key secret --key guest:user', 'Two keys; the second cannot initialize')
    .example("$0 serve --allow-url '*.blob.core.windows.net'", 'Play streams from Azure, too');
}

async function serve(given: ServeFlags): Promise<void> {
  const write = given.json ? (value: object) => print(plainJson(value)) : undefined;
  const server = await startMockServer({
    ...readFlags(given),
    onEvent: write ?? ((event) => say(describeEvent(event))),
  }).catch((error: unknown) => {
    throw inFlags(error);
  });
  if (write === undefined) greet(server.urls);
  else write({ event: 'listening', ...server.urls });
  if (!server.hasControl) {
    say(`The control API is off on ${String(given.host)}: --control-token turns it on`);
  }

  const keys = secretsOf(given.key).map((key, index) => [`--key number ${index + 1}`, key] as const);
  for (const warning of tooShort(Object.fromEntries(keys))) say(warning);

  let isStopping = false;
  const stop = () => {
    // The second signal means: now.
    if (isStopping) process.exit(0);
    isStopping = true;
    void server.stop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** @throws UserError for a flag that cannot be read. */
function readFlags(given: ServeFlags): MockServerOptions {
  const text = (
    flag: Exclude<
      keyof ServeFlags,
      'scenario' | 'scenarios' | 'watch' | 'key' | 'redact' | 'allow-url' | 'tls' | 'json'
    >,
  ) => once(`--${flag}`, given[flag] ?? '');
  const number = (flag: 'port' | 'seed' | 'speed' | 'speakers' | 'max-sessions') =>
    readNumber(`--${flag}`, text(flag));
  const service = readChoice('--service', text('service'), SERVICES);
  const trouble = service === 'fails-to-start' || service === 'breaks' ? service : undefined;
  return {
    port: number('port'),
    host: text('host'),
    scenario: given.scenario,
    scenarios: given.scenarios,
    watch: given.watch,
    replay: readChoice('--replay', text('replay'), REPLAY_MODES),
    keys: given.key,
    service: {
      status: service === 'ready' ? 'ready' : 'scaled_down',
      startMs: readDuration('--start-time', text('start-time')),
      onInitialize: trouble ?? 'starts',
    },
    seed: number('seed'),
    speed: number('speed'),
    speakers: number('speakers'),
    allowUrls: given['allow-url'],
    maxFrameBytes: readSize('--max-frame', text('max-frame')),
    maxSessions: number('max-sessions'),
    journal: readJournalMost('--journal-max', text('journal-max')),
    clock: readChoice('--clock', text('clock'), ['real', 'manual'] as const),
    redaction: { names: readRedact(given.redact) },
    ...controlTokenOf(given['control-token'] === undefined ? undefined : text('control-token')),
    ...(given.cert === undefined
      ? given.tls && { tls: true }
      : { tls: { cert: readPem('--cert', text('cert')), key: readPem('--key-file', text('key-file')) } }),
  };
}

/** The flag, or the environment, where other users of the machine cannot read it. */
function controlTokenOf(flag: string | undefined): { controlToken?: string } {
  const token = flag ?? process.env['UNDERSTUDY_CONTROL_TOKEN'];
  return token === undefined || (flag === undefined && token === '') ? {} : { controlToken: token };
}

/** The library names its options; somebody at a command line knows the flags. */
const FLAGS: Readonly<Record<string, string>> = {
  scenario: 'scenario',
  port: 'port',
  host: 'host',
  seed: 'seed',
  speed: 'speed',
  speakers: 'speakers',
  maxFrameBytes: 'max-frame',
  maxSessions: 'max-sessions',
  'journal.sessions': 'journal-max',
  'journal.bytes': 'journal-max',
  controlToken: 'control-token',
  'service.startMs': 'start-time',
};

function inFlags(error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  return new UserError(
    error.mistakes.map(({ option = '', ...mistake }) =>
      FLAGS[option] === undefined ? { option, ...mistake } : { ...mistake, flag: FLAGS[option] },
    ),
  );
}

function readPem(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${flag} ${path}: cannot be read (${codeOf(error) ?? messageOf(error)})`);
  }
}

function greet({ url, scriptix, reson8, control }: ServerUrls): void {
  print(
    [
      `Understudy listens on ${paint('bold', url)}`,
      '',
      `  Scriptix microphone  ${scriptix.realtime}?token=any-token`,
      `  Scriptix stream      ${scriptix.stream}?url=…`,
      `  Scriptix REST        ${scriptix.api}/status, /initialize`,
      `  Reson8 realtime      ${reson8.realtime}`,
      `  Control API          ${control}/sessions, …`,
      '',
      'Ctrl-C stops it.',
    ].join('\n'),
  );
}

function audioOf(ms: number): string {
  if (ms === 0) return 'no audio';
  return ms < 1000 ? `${Math.ceil(ms)} ms of audio` : `${(ms / 1000).toFixed(1)} s of audio`;
}

function describeEvent(event: ServerEvent): string {
  switch (event.event) {
    case 'session-open':
      return `${event.id}  open    ${event.life}${event.language === undefined ? '' : ` (${visible(event.language)})`}`;
    case 'session-error':
      return `${event.id}  error   ${visible(event.message)}`;
    case 'session-close':
      return `${event.id}  closed  ${event.code}, ${audioOf(event.audioMs)}, ${event.results} results`;
    case 'scenario-loaded':
      return `--  loaded  ${visible(event.path)}`;
    case 'scenario-broken':
      return event.message
        .split('\n')
        .map((line) => `--  broken  ${visible(line)} (the last good version stays)`)
        .join('\n');
    case 'not-found':
      return `--  404     ${visible(`${event.method} ${event.path}`)}: nothing is there`;
    case 'refused':
      return `--  refused ${event.status} ${visible(`${event.method} ${event.path} ${JSON.stringify(event.body)}`)}`;
  }
}
