import type { CommandModule } from 'yargs';
import { VENDORS } from '../../protocol/dialects.ts';
import { DEFAULT_EDITIONS } from '../../protocol/editions.ts';
import { readEditions } from '../../scenario/editions.ts';
import type { MockServerOptions } from '../../mock-server/options.ts';
import type { ServerEvent } from '../../mock-server/events.ts';
import type { MockServer } from '../../mock-server/mock-server.ts';
import { startMockServer } from '../../mock-server/server.ts';
import { REPLAY_MODES } from '../../scenario/replay/mode.ts';
import { UserError } from '../../runtime/errors.ts';
import { listed } from '../../runtime/text/listed.ts';
import { plainJson } from '../../runtime/text/plain.ts';

import { ENVIRONMENT_TOLD, inEnvironment, strangers, TRUST_TOLD } from '../environment.ts';
import {
  asText,
  asTexts,
  many,
  one,
  readAll,
  toggle,
  toggleOff,
  toggleOr,
  withFlags,
  type ValuesOf,
} from '../flag.ts';
import {
  asChoice,
  asDuration,
  asFile,
  asJournalMost,
  asNumber,
  asPrices,
  asRedis,
  asSize,
  asStateAddress,
  asStatePrefix,
  asWorkers,
  notEmpty,
} from '../values.ts';
import { describeEvent } from './told.ts';
import { onStdinEnd, UNTIL_STDIN_ENDS_DESCRIBED } from '../until-stopped.ts';
import { readRedact, REDACT_DESCRIBED } from '../redact-flag.ts';
import { print, say } from '../terminal.ts';
import { tooShort } from '../../wire/redact/known.ts';
import { secretsOf } from '../../mock-server/dialects/keys.ts';

const SERVICES = ['ready', 'scaled-down', 'fails-to-start', 'breaks', 'answers-at-once'] as const;

const CONTROL_TOKEN = 'UNDERSTUDY_CONTROL_TOKEN';

const READY_EXPECTED = 'expected a file, such as --ready-file understudy.json';

const LISTED = { array: true } as const;

/** The flags of `serve`. */
export const FLAGS = inEnvironment({
  port: one('TCP port; 0 takes a free one', asNumber, { default: '8080', sets: ['port'] }),
  host: one('Address to listen on', asText, { default: '127.0.0.1', sets: ['host'] }),
  edition: many(
    'How a service behaves, SERVICE=NAME (scriptix=examples: listening first); repeatable, one per service',
    (texts) => readEditions(texts, VENDORS, DEFAULT_EDITIONS),
    { ...LISTED, sets: ['editions'] },
  ),
  scenario: many(
    'Scenario (name or file) for connections that select none; repeatable, one per dialect',
    asTexts,
    {
      ...LISTED,
      sets: ['scenario'],
    },
  ),
  scenarios: many('Folder with more scenario files; repeatable', asTexts, LISTED),
  recordings: many(
    'Folder with recordings (WAV, MP3) and their transcripts: a client that sends one gets its words; repeatable',
    asTexts,
    { ...LISTED, sets: ['recordings'] },
  ),
  watch: toggleOr(
    'Read files in --scenarios and --recordings again when they change; with =close, connections that play one are closed with 1012',
    'close',
    ['scenarios', 'recordings'],
  ),
  replay: one(
    `How a recording (--scenario FILE.ndjson) is played: ${listed(REPLAY_MODES)}`,
    asChoice(REPLAY_MODES),
    { default: 'timed', needs: ['scenario'] },
  ),
  key: many('Accept only KEY, or KEY:admin, KEY:user, KEY:expired; repeatable', asTexts, {
    ...LISTED,
    sets: ['keys'],
  }),
  service: one(`State of the service behind the REST API: ${listed(SERVICES)}`, asService, {
    default: 'ready',
  }),
  'start-time': one('How long the service takes to start', asDuration, {
    default: '2s',
    sets: ['service.startMs'],
  }),
  seed: one('Seed for everything that is made up', asNumber, { default: '1', sets: ['seed'] }),
  speed: one('Scenario time runs this many times faster', asNumber, { default: '1', sets: ['speed'] }),
  pulse: one('How often Scriptix repeats listening, as a keep-alive', asDuration, {
    defaultDescription: 'never',
    sets: ['pulseMs'],
  }),
  speakers: one('Label Scriptix finals with one of N speakers', asNumber, {
    default: '0',
    sets: ['speakers'],
  }),
  tls: toggle('Serve wss and https, with a new certificate', ['tls']),
  cert: one('Serve wss and https with this certificate (PEM)', asFile, {
    needs: ['key-file'],
    sets: ['tls.cert'],
  }),
  'key-file': one('The private key of --cert (PEM)', asFile, { needs: ['cert'], sets: ['tls.key'] }),
  'allow-url': many('Host, address or range that stream mode may fetch from; repeatable', asTexts, {
    ...LISTED,
    sets: ['allowUrls'],
  }),
  'price-per-minute': many(
    'What a minute of audio costs, N for both services or SERVICE=N, for the usage report; repeatable',
    asPrices,
    { ...LISTED, sets: ['pricePerMinute'] },
  ),
  'max-frame': one('Longest message of a client', asSize, { default: '1MiB', sets: ['maxFrameBytes'] }),
  'max-body': one('Longest recording in one call', asSize, { default: '100MiB', sets: ['maxBodyBytes'] }),
  'max-sessions': one('Maximum number of connections at the same time', asNumber, {
    default: '10000',
    sets: ['maxSessions'],
  }),
  workers: one('Processes that share the connections; max: one per processor', asWorkers, { default: '1' }),
  state: one(
    'Share what tests set with other replicas, through the Redis at redis://host:port[/db]',
    asRedis,
    { defaultDescription: 'each fake keeps its own', sets: ['state'] },
  ),
  'state-prefix': one(
    'What the keys in that Redis begin with: one for each group of replicas',
    asStatePrefix,
    {
      default: 'understudy',
      needs: ['state'],
    },
  ),
  'state-address': one('HOST or HOST:PORT at which the other replicas reach this one', asStateAddress, {
    defaultDescription: 'the host that it listens on',
    needs: ['state'],
    sets: ['stateAddress'],
  }),
  drain: one(
    'How long open connections may continue after SIGTERM or SIGINT, while upgrades are refused',
    asDuration,
    { default: '0s', sets: ['drainMs'] },
  ),
  'journal-max': one(
    'Remember at most this many sessions and bytes for the control API; 0 remembers none',
    asJournalMost,
    { default: '1000,16MiB', sets: ['journal.sessions', 'journal.bytes'] },
  ),
  clock: one('manual: time advances only through the control API', asChoice(['real', 'manual']), {
    default: 'real',
  }),
  'control-token': one(
    'Token that the control API requires; without one, that API is off on addresses other than loopback',
    asText,
    // Other users of the machine cannot read it in the environment.
    { defaultDescription: CONTROL_TOKEN, sets: ['controlToken'] },
  ),
  page: toggleOff('The live page; --no-page turns it off'),
  'allow-save': toggle('Let the live page save scenarios in the (first) folder of --scenarios', [
    'allowSave',
  ]),
  open: toggle('Open the live page in a browser'),
  redact: many(REDACT_DESCRIBED, readRedact, LISTED),
  'until-stdin-ends': toggle(UNTIL_STDIN_ENDS_DESCRIBED),
  'ready-file': one('Write the listening line of --json to this file', notEmpty(READY_EXPECTED)),
  json: toggle('One JSON object per line instead of text'),
});

/** The command `serve`. */
export const serveCommand: CommandModule = {
  command: 'serve',
  describe: 'Start the fake of both services',
  builder: (argv) =>
    withFlags(argv, FLAGS)
      .example('$0 serve --port 0', 'Take a free port')
      .example('$0 serve --scenario drop-mid-word', 'Every connection breaks in the middle of a word')
      .example('$0 serve --edition scriptix=examples', 'For clients that expect listening first')
      .example('$0 serve --service scaled-down --start-time 5s', 'POST /initialize takes five seconds')
      .example('$0 serve --key secret --key guest:user', 'Two keys; the second cannot initialize')
      .example("$0 serve --allow-url '*.blob.core.windows.net'", 'Play streams from Azure, too')
      .epilogue(`${TRUST_TOLD} ${ENVIRONMENT_TOLD}`),
  handler: serve,
};

/**
 * Starts the fake.
 *
 * @param given the flags that were given
 * @throws UserError for values that cannot be read, and for a port that is not available
 */
export async function serve(given: Readonly<Record<string, unknown>>): Promise<void> {
  await begin(given).catch(async (error: unknown) => {
    const { inFlags } = await import('../start/in-flags.ts');
    throw inFlags(error, FLAGS, given, process.env);
  });
}

async function begin(given: Readonly<Record<string, unknown>>): Promise<void> {
  const values = readAll(FLAGS, given);
  for (const sentence of strangers(FLAGS, process.env)) say(sentence);
  const { json, 'until-stdin-ends': untilStdinEnds, 'ready-file': readyPath } = values;
  const ready = readyPath === undefined ? undefined : (await import('./ready-file.ts')).readyFile(readyPath);
  const write = json ? (value: object) => print(plainJson(value)) : undefined;
  const tell = write ?? ((event: ServerEvent) => say(describeEvent(event)));
  // Programs that start the fake expect its first line to be the one that says that it listens.
  let early: ServerEvent[] | undefined = [];
  const options: MockServerOptions = {
    ...optionsOf(values),
    onEvent: (event) => (early === undefined ? tell(event) : void early.push(event)),
  };
  // Otherwise those who play a stream would be the first to learn of a mistake.
  if (values['allow-url'].length > 0 && (process.env['SSL_CERT_FILE'] ?? '') !== '')
    (await import('../../runtime/network/trust.ts')).trusted();
  const server = await started(options, values);
  const listening = { event: 'listening', ...server.urls };

  let isStopping = false;
  const stop = () => {
    // A second signal means: immediately.
    if (isStopping) process.exit(0);
    isStopping = true;
    ready?.remove();
    void server.stop().then(async () => {
      const { tellUsage } = await import('./usage.ts');
      tellUsage(server.usage(), write);
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (untilStdinEnds) onStdinEnd(stop);

  try {
    ready?.write(`${plainJson(listening)}\n`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const { page } = server.urls;
  if (write === undefined) print((await import('./greeting.ts')).greeting(server.urls, server.hasControl));
  else write(listening);
  for (const event of early) tell(event);
  early = undefined;
  if (values.open) {
    if (page === undefined)
      say('There is no page to open: it needs the control API, and --no-page turns it off');
    else (await import('./open-page.ts')).openPage(page, say);
  }
  if (!server.hasControl) {
    say(`The control API is off on ${values.host}: --control-token turns it on`);
  }

  const keys = secretsOf(values.key).map((key, index) => [`--key number ${index + 1}`, key] as const);
  for (const warning of tooShort(Object.fromEntries(keys))) say(warning);
}

async function started(
  options: MockServerOptions,
  { workers, state: url, 'state-prefix': prefix, 'state-address': address }: ValuesOf<typeof FLAGS>,
): Promise<MockServer> {
  if (url !== undefined) {
    if (workers > 1) {
      const what = 'expected 1 with --state: start more servers instead';
      throw new UserError(what, { flag: 'workers', value: String(workers) });
    }
    const { startReplica } = await import('../../mock-server/fleet/start.ts');
    return startReplica(options, { url, prefix, address });
  }
  if (workers === 1) return startMockServer(options);
  const { startWithWorkers } = await import('../../mock-server/workers/start.ts');
  return startWithWorkers(options, workers, say);
}

function optionsOf(given: ValuesOf<typeof FLAGS>): MockServerOptions {
  const { service, cert, 'key-file': keyFile } = given;
  return {
    port: given.port,
    host: given.host,
    editions: given.edition,
    scenario: given.scenario,
    scenarios: given.scenarios,
    recordings: given.recordings,
    watch: given.watch,
    replay: given.replay,
    keys: given.key,
    service: {
      status: service === 'ready' ? 'ready' : 'scaled_down',
      startMs: given['start-time'],
      onInitialize: service === 'ready' || service === 'scaled-down' ? 'starts' : service,
    },
    seed: given.seed,
    speed: given.speed,
    speakers: given.speakers,
    ...(given.pulse === undefined ? {} : { pulseMs: given.pulse }),
    allowUrls: given['allow-url'],
    pricePerMinute: given['price-per-minute'],
    maxFrameBytes: given['max-frame'],
    maxBodyBytes: given['max-body'],
    maxSessions: given['max-sessions'],
    drainMs: given.drain,
    journal: given['journal-max'],
    clock: given.clock,
    page: given.page,
    allowSave: given['allow-save'],
    // The judges are loaded only when someone looks at verdicts.
    judge: async (judged, terms) => (await import('../judge/judge.ts')).judge(judged, terms),
    redaction: { names: given.redact },
    controlToken: given['control-token'],
    ...(cert === undefined || keyFile === undefined
      ? given.tls && { tls: true }
      : { tls: { cert, key: keyFile } }),
  };
}

/** The API and the documents write `scaled_down`. */
function asService(text: string): (typeof SERVICES)[number] {
  return asChoice(SERVICES)(text === 'scaled_down' ? 'scaled-down' : text);
}
