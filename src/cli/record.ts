import type { ArgumentsCamelCase, Argv } from 'yargs';
import { serverUrls } from '../mock-server/addresses.ts';
import { createLineFile } from '../record/line-file.ts';
import { startProxy, type Proxy } from '../record/proxy.ts';
import { newTraceWriter, type TraceWriter } from '../record/trace-writer.ts';
import { readUpstream, type Upstream } from '../record/upstream.ts';
import { realClock } from '../runtime/clock.ts';
import { messageOf, UserError } from '../runtime/errors.ts';
import { isoOf, wallNowMs } from '../runtime/wall-time.ts';
import { newRedactor } from '../wire/redact/redact.ts';
import type { TraceFact } from '../wire/trace.ts';
import { readRedact, REDACT_DESCRIBED } from './redact-flag.ts';
import { paint, print, say } from './terminal.ts';
import { once, readNumber } from './values.ts';
import { version } from '../runtime/version.ts';
import { plainJson, visible } from '../runtime/plain.ts';

type Text = string | readonly string[];

interface RecordFlags {
  upstream?: Text | undefined;
  out?: Text | undefined;
  'api-upstream'?: Text | undefined;
  port: Text;
  host: Text;
  redact?: Text | undefined;
  audio: boolean;
  force: boolean;
  json: boolean;
}

export function recordFlags(argv: Argv): Argv<RecordFlags> {
  const one = { type: 'string', requiresArg: true } as const;
  return argv
    .option('upstream', {
      ...one,
      describe: 'The service: scheme, host and port, such as wss://api.example.com',
    })
    .option('out', { ...one, describe: 'File for the trace (NDJSON), without keys and tokens' })
    .option('api-upstream', { ...one, describe: 'Where plain HTTP requests go, if not to the same host' })
    .option('port', { ...one, default: '8080', describe: 'TCP port; 0 takes a free one' })
    .option('host', { ...one, default: '127.0.0.1', describe: 'Address to listen on' })
    .option('audio', {
      type: 'boolean',
      default: false,
      describe: 'Keep the bytes of audio: the file then holds what was said. Otherwise length and hash',
    })
    .option('redact', { ...one, describe: REDACT_DESCRIBED })
    .option('force', { type: 'boolean', default: false, describe: 'Replace an existing file' })
    .option('json', { type: 'boolean', default: false, describe: 'One JSON object per line instead of text' })
    .example(
      '$0 record --upstream wss://api.example.com --out trace.ndjson',
      'Then connect to ws://127.0.0.1:8080',
    );
}

/** Records until SIGINT or SIGTERM, or until the file cannot be written any more. */
export async function record(given: ArgumentsCamelCase<RecordFlags>): Promise<void> {
  const options = readFlags(given);
  const { upstream, apiUpstream, out } = options;
  const tell = given.json ? (event: object) => print(plainJson(event)) : undefined;
  const clock = realClock();
  const startedAt = isoOf(wallNowMs());
  const trace: { writer?: TraceWriter } = {};
  let stop = (): void => undefined;

  const proxy = await startProxy({
    ...options,
    clock,
    onFact(session, fact) {
      try {
        const event = summaryOf(session, trace.writer?.add(session, fact));
        if (event === undefined) return;
        if (tell === undefined) say(lineOf(event));
        else tell(event);
      } catch (error) {
        // A recording with a gap is none.
        say(messageOf(error));
        process.exitCode = error instanceof UserError ? 2 : 5;
        stop();
      }
    },
  });
  // After the port, so that a file is not replaced for nothing; no one can have connected yet.
  const file = await orStop(proxy, () => createLineFile(out, given.force));
  const header = { kind: 'trace', version: 1, tool: `understudy ${version()}`, startedAt } as const;
  const writer = await orStop(proxy, () =>
    newTraceWriter(header, clock, newRedactor({ names: options.redact }), file.write),
  );
  trace.writer = writer;

  let isStopping = false;
  stop = () => {
    if (isStopping) return;
    isStopping = true;
    void proxy.stop().then(() => {
      file.close();
      const events = writer.eventCount;
      if (tell === undefined) print(`${out}: ${events} events`);
      else tell({ event: 'stopped', out, events });
    });
  };
  const onSignal = () => {
    // The second signal means: now. All but what happens this moment is in the file.
    if (isStopping) process.exit();
    stop();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);

  const at = serverUrls(false, options.host, proxy.port).url.replace('http://', '');
  if (tell === undefined) greet(at, options, given.audio);
  else
    tell({
      event: 'listening',
      url: `ws://${at}`,
      api: `http://${at}`,
      upstream: upstream.origin,
      apiUpstream: apiUpstream.origin,
      out,
    });
}

interface Options {
  readonly upstream: Upstream;
  readonly apiUpstream: Upstream;
  readonly out: string;
  readonly port: number;
  readonly host: string;
  readonly keepAudio: boolean;
  readonly redact: readonly string[];
}

/** @throws UserError for a flag that cannot be read. */
function readFlags(given: RecordFlags): Options {
  const text = (flag: 'upstream' | 'out' | 'api-upstream' | 'port' | 'host') =>
    once(`--${flag}`, given[flag] ?? '');
  if (given.upstream === undefined) {
    throw new UserError(
      '--upstream: expected the service to record, such as --upstream wss://api.example.com',
    );
  }
  if (text('out') === '')
    throw new UserError('--out: expected a file for the trace, such as --out trace.ndjson');
  const port = readNumber('--port', text('port'));
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UserError(`--port: expected a whole number from 0 to 65535, got ${port}`);
  }
  if (text('host') === '') throw new UserError('--host: expected an address, such as 127.0.0.1');
  const upstream = readUpstream('--upstream', text('upstream'));
  return {
    upstream,
    apiUpstream:
      given['api-upstream'] === undefined ? upstream : readUpstream('--api-upstream', text('api-upstream')),
    out: text('out'),
    port,
    host: text('host'),
    keepAudio: given.audio,
    redact: readRedact(given.redact),
  };
}

async function orStop<T>(proxy: Proxy, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    await proxy.stop();
    throw error;
  }
}

type Summary =
  | { readonly event: 'request'; readonly session: string; readonly method: string; readonly path: string }
  | { readonly event: 'response'; readonly session: string; readonly status: number }
  | { readonly event: 'fault'; readonly session: string; readonly message: string }
  | { readonly event: 'end'; readonly session: string; readonly how: string; readonly code: number };

/** What is printed of a session while it is recorded; messages are not. The fact has been redacted. */
function summaryOf(session: string, fact: TraceFact | undefined): Summary | undefined {
  switch (fact?.kind) {
    case 'request':
      return { event: 'request', session, method: fact.method, path: fact.target.split('?', 1)[0] ?? '' };
    case 'response':
      return { event: 'response', session, status: fact.status };
    case 'fault':
    // What could not be recorded.
    case 'note':
      return { event: 'fault', session, message: fact.message };
    case 'end':
      return { event: 'end', session, how: fact.how, code: fact.code };
    default:
      return undefined;
  }
}

function lineOf(event: Summary): string {
  switch (event.event) {
    case 'request':
      return visible(`${event.session}  ${event.method} ${event.path}`);
    case 'response':
      return `${event.session}  ${event.status}`;
    case 'fault':
      return visible(`${event.session}  fault   ${event.message}`);
    case 'end':
      return `${event.session}  ended   ${event.how}, ${event.code}`;
  }
}

function greet(at: string, { upstream, apiUpstream, out }: Options, audio: boolean): void {
  print(
    [
      `Understudy records ${paint('bold', upstream.origin)}`,
      '',
      `  WebSockets  connect to ws://${at} instead`,
      `  REST        http://${at} goes to ${apiUpstream.host}`,
      `  Trace       ${visible(out)}: ${audio ? 'with the audio, that is with what is said' : 'audio as length and hash'}`,
      '',
      'Ctrl-C finishes the file.',
    ].join('\n'),
  );
}
