import type { ArgumentsCamelCase, Argv } from 'yargs';
import { serverUrls } from '../mock-server/addresses.ts';
import { ADDRESS_FIELD, ENDPOINTS } from '../protocol/scriptix/rest.ts';
import { reasonIn } from '../record/exchange.ts';
import { createLineFile } from '../record/line-file.ts';
import { startProxy, type Proxy } from '../record/proxy.ts';
import { newTraceWriter, type TraceWriter } from '../record/trace-writer.ts';
import { readUpstream, type Upstream } from '../record/upstream.ts';
import { realClock } from '../runtime/clock.ts';
import { messageOf, UserError } from '../runtime/errors.ts';
import { WRONG_SCHEME } from '../runtime/network/wrong-scheme.ts';
import { isoOf, wallNowMs } from '../runtime/wall-time.ts';
import { newRedactor } from '../wire/redact/redact.ts';
import type { TraceFact } from '../wire/trace.ts';
import { ENVIRONMENT_TOLD, inEnvironment, strangers, TRUST_TOLD } from './environment.ts';
import { many, one, readAll, toggle, withFlags } from './flag.ts';
import { readRedact, REDACT_DESCRIBED } from './redact-flag.ts';
import { paint, print, say } from './terminal.ts';
import { onStdinEnd, UNTIL_STDIN_ENDS_DESCRIBED } from './until-stopped.ts';
import { asPort, notEmpty } from './values.ts';
import { version } from '../runtime/version.ts';
import { plainJson, visible } from '../runtime/text/plain.ts';

/** The REST API of Scriptix says where its socket is. */
const LEADS = { paths: Object.values(ENDPOINTS).map(({ path }) => path), field: ADDRESS_FIELD };
const TRACE_EXPECTED = 'expected a file for the trace, such as --out trace.ndjson';

const FLAGS = inEnvironment({
  upstream: one('The service: scheme, host and port, such as wss://api.example.com', readUpstream, {
    missing: 'expected the service to record, such as --upstream wss://api.example.com',
  }),
  out: one('File for the trace (NDJSON), without keys and tokens', notEmpty(TRACE_EXPECTED), {
    missing: TRACE_EXPECTED,
  }),
  'api-upstream': one('Where plain HTTP requests go, if not to the same host', readUpstream),
  port: one('TCP port; 0 takes a free one', asPort, { default: '8080', sets: ['port'] }),
  host: one('Address to listen on', notEmpty('expected an address, such as 127.0.0.1'), {
    default: '127.0.0.1',
    sets: ['host'],
  }),
  audio: toggle(
    'Keep the bytes of audio: the file then holds what was said. Otherwise only length and hash are kept',
  ),
  redact: many(REDACT_DESCRIBED, readRedact),
  force: toggle('Replace an existing file'),
  'until-stdin-ends': toggle(UNTIL_STDIN_ENDS_DESCRIBED),
  json: toggle('One JSON object per line instead of text'),
});

/** Adds the flags of `record`. */
export function recordFlags(argv: Argv): Argv {
  return withFlags(argv, FLAGS)
    .example(
      '$0 record --upstream wss://api.example.com --out trace.ndjson',
      'Then connect to ws://127.0.0.1:8080',
    )
    .epilogue(`${TRUST_TOLD} ${ENVIRONMENT_TOLD}`);
}

/**
 * Records until SIGINT or SIGTERM, until standard input ends (if asked to), or until the file can no longer be written.
 */
export async function record(given: ArgumentsCamelCase): Promise<void> {
  await beginRecording(given).catch(async (error: unknown) => {
    const { inFlags } = await import('./start/in-flags.ts');
    throw inFlags(error, FLAGS, given, process.env);
  });
}

async function beginRecording(given: ArgumentsCamelCase): Promise<void> {
  const {
    upstream,
    'api-upstream': apiUpstream = upstream,
    out,
    port,
    host,
    audio,
    ...flags
  } = readAll(FLAGS, given);
  for (const sentence of strangers(FLAGS, process.env)) say(sentence);
  const tell = flags.json ? (event: object) => print(plainJson(event)) : undefined;
  const clock = realClock();
  const startedAt = isoOf(wallNowMs());
  const trace: { writer?: TraceWriter } = {};
  let stop = (): void => undefined;

  const proxy = await startProxy({
    upstream,
    apiUpstream,
    leads: LEADS,
    port,
    host,
    keepAudio: audio,
    clock,
    onTls() {
      if (tell === undefined) say(`--  note    ${WRONG_SCHEME.tls}`);
      else tell({ event: 'wrong-scheme', began: 'tls', message: WRONG_SCHEME.tls });
    },
    onFact(session, fact) {
      try {
        const event = summaryOf(session, trace.writer?.add(session, fact));
        if (event === undefined) return;
        if (tell === undefined) say(lineOf(event));
        else tell(event);
      } catch (error) {
        // A recording with a gap is of no use.
        say(messageOf(error));
        process.exitCode = error instanceof UserError ? 2 : 5;
        stop();
      }
    },
  });
  // Once the server listens, so that no file is replaced if it cannot; no one can have connected yet.
  const file = await orStop(proxy, () => createLineFile(out, flags.force));
  const header = { kind: 'trace', version: 1, tool: `understudy ${version()}`, startedAt } as const;
  const writer = await orStop(proxy, () =>
    newTraceWriter(header, clock, newRedactor({ names: flags.redact }), file.write),
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
    // A second signal means: immediately. Everything is in the file, except what happens at this moment.
    if (isStopping) process.exit();
    stop();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  if (flags['until-stdin-ends']) onStdinEnd(stop);

  const at = serverUrls(false, host, proxy.port).url.replace('http://', '');
  if (tell === undefined) greet(at, { upstream, apiUpstream, out, audio });
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
  | {
      readonly event: 'response';
      readonly session: string;
      readonly status: number;
      readonly reason?: string;
    }
  | { readonly event: 'fault'; readonly session: string; readonly message: string }
  | { readonly event: 'end'; readonly session: string; readonly how: string; readonly code: number };

/** What is printed about a session while it is recorded; messages are not printed. The fact has been redacted. */
function summaryOf(session: string, fact: TraceFact | undefined): Summary | undefined {
  switch (fact?.kind) {
    case 'request':
      return { event: 'request', session, method: fact.method, path: fact.target.split('?', 1)[0] ?? '' };
    case 'response': {
      const reason = reasonIn(fact);
      const summary = { event: 'response', session, status: fact.status } as const;
      return reason === undefined ? summary : { ...summary, reason };
    }
    case 'fault':
    // Something could not be recorded.
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
      return visible(
        `${event.session}  ${event.status}${event.reason === undefined ? '' : `     ${event.reason}`}`,
      );
    case 'fault':
      return visible(`${event.session}  fault   ${event.message}`);
    case 'end':
      return `${event.session}  ended   ${event.how}, ${event.code}`;
  }
}

interface Recording {
  readonly upstream: Upstream;
  readonly apiUpstream: Upstream;
  readonly out: string;
  readonly audio: boolean;
}

function greet(at: string, { upstream, apiUpstream, out, audio }: Recording): void {
  print(
    [
      `Understudy records ${paint('bold', upstream.origin)}`,
      '',
      `  WebSockets  connect to ws://${at} instead`,
      `  REST        http://${at} goes to ${apiUpstream.host}`,
      `  Trace       ${visible(out)}: ${audio ? 'with the audio, and so with what is said' : 'audio as length and hash'}`,
      '',
      'Ctrl-C finishes the file.',
    ].join('\n'),
  );
}
