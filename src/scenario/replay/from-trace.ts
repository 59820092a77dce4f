import type { ClientStepFile } from '../schema/client.ts';
import type { Command, ScenarioDialect } from '../dialects/dialect.ts';
import { SCENARIO_DIALECTS } from '../dialects/dialects.ts';
import { type Dialect, isSocket } from '../../protocol/dialects.ts';
import { parseJson } from '../../runtime/json/depth.ts';
import { withoutPlaceholders } from '../placeholders.ts';
import type { TraceEvent } from '../../wire/trace.ts';
import {
  answerOf,
  dialectAtPath,
  lostHandshake,
  MOST_ATTEMPTS,
  ms,
  requestOf,
  responseOf,
  restServer,
} from './answers.ts';
import type { ReplayMode } from './mode.ts';
import type { ScenarioFile } from '../schema/schema.ts';

/** How long a replay waits for the client to do what it did in the recording. */
const PATIENCE = '10m';
/** A server that does not answer a Ping or a Close frame for this long has fallen silent. */
const SILENT_AFTER_MS = 1000;
/** Timers are no finer: shorter waits, one after another, would draw out what came in one burst. */
const SHORTEST_WAIT_MS = 1;
/** Audio on a Scriptix socket, and Reson8's default: 16 kHz, one channel, 16 bits. */
const BYTES_PER_MS = 32;

type Step = string | Record<string, unknown>;

/**
 * What breaks the protocol of WebSockets is in a trace as a fault, without its bytes. A frame with an undefined opcode
 * stands in for it: every client takes that for an error, too.
 */
const INVALID_FRAME: Step = { bytes: { hex: '83 00' } };

/**
 * Converts a trace into scenarios, one for each dialect in it: its connections become the attempts, in order, and its
 * REST calls the answers. Results come back byte for byte; binary messages that were kept only as a hash do not.
 */
export function scenariosOf(
  events: readonly TraceEvent[],
  mode: ReplayMode,
  summary: string,
): readonly ScenarioFile[] {
  const sessions = new Map<string, TraceEvent[]>();
  for (const event of events) {
    const session = sessions.get(event.session);
    if (session === undefined) sessions.set(event.session, [event]);
    else session.push(event);
  }
  const found = new Map<Dialect, TraceEvent[][]>();
  for (const session of sessions.values()) {
    const dialect = dialectAtPath(requestOf(session));
    if (dialect === undefined) continue;
    const before = found.get(dialect);
    if (before === undefined) found.set(dialect, [session]);
    else before.push(session);
  }
  return [...found].map(([dialect, recorded]) => {
    if (!isSocket(dialect)) return { dialect, summary, server: restServer(recorded, mode) };
    const spoken = SCENARIO_DIALECTS[dialect];
    const client = clientSteps(recorded[0] ?? [], spoken);
    // Steps are plain data here; a test checks everything that is written against the schema.
    const attempts = recorded.slice(0, MOST_ATTEMPTS).map((session) => attempt(session, mode, spoken));
    // A list without steps is refused in a file.
    return { dialect, summary, server: { attempts }, ...(client.length === 0 ? {} : { client }) };
  });
}

/** What the server did on one connection. */
function attempt(
  session: readonly TraceEvent[],
  mode: ReplayMode,
  { commandOf, has }: ScenarioDialect,
): Record<string, unknown> {
  const response = responseOf(session);
  const startedMs = requestOf(session)?.atMs ?? session[0]?.atMs ?? 0;
  const afterMs = mode === 'timed' && response !== undefined ? response.atMs - startedMs : 0;
  const after = afterMs > 1 ? { after: ms(afterMs) } : {};
  if (response === undefined) return { handshake: lostHandshake(session) };
  if (response.status !== 101) return { handshake: { ...answerOf(response), ...after } };
  const steps: Step[] = [];
  let lastMs = response.atMs;
  const client: Done = { steps: [], bytes: 0, audioAtMs: undefined };
  const waitUntil = (atMs: number) => {
    if (atMs - lastMs < SHORTEST_WAIT_MS) return;
    if (mode === 'timed') steps.push({ wait: ms(atMs - lastMs) });
    lastMs = atMs;
  };
  // The client's actions come first in every mode, because a server does not answer before it was asked. With times,
  // later messages are not sent earlier than recorded, nor closer to the client's actions.
  const before = (event: TraceEvent) => {
    for (const { step, atMs } of waitFor(client)) {
      waitUntil(atMs);
      steps.push(step);
    }
    waitUntil(event.atMs);
  };
  const lastSign = lastBeforeSilence(session);
  let isClosed = false;
  for (const event of session) {
    if (isClosed) break;
    if (event === lastSign) {
      before(event);
      const step = serverStep(event);
      steps.push(...(step === undefined ? [] : [step]), { abort: 'silence' });
      break;
    }
    if ('from' in event && event.from === 'client') {
      if (event.kind === 'text') {
        const said = commandIn(event.text, commandOf);
        // A server of this dialect ignores other commands, so it cannot wait for them.
        command(client, said !== undefined && has.includes(said) ? said : undefined, event.atMs);
      }
      if (event.kind === 'binary' && has.includes('frames')) {
        client.bytes += event.byteCount;
        client.audioAtMs = event.atMs;
      }
      // Everything after it is the server's reaction, which the fake produces by itself.
      if (event.kind === 'close') isClosed = true;
      continue;
    }
    const step = serverStep(event);
    if (step === undefined) continue;
    before(event);
    steps.push(step);
    isClosed = event.kind === 'close' || event.kind === 'end';
  }
  const last = steps.at(-1);
  const endsItself =
    last !== INVALID_FRAME &&
    typeof last === 'object' &&
    ('close' in last || 'abort' in last || 'bytes' in last);
  return { steps: endsItself ? steps : [...steps, 'hang'] };
}

/**
 * The last that a server did before it fell silent, as behind a broken network: its client then asked for a sign of
 * life, waited and left. Undefined if it did not, or if no one asked.
 */
function lastBeforeSilence(session: readonly TraceEvent[]): TraceEvent | undefined {
  const isOfServer = (event: TraceEvent) =>
    event.kind === 'response' || ('from' in event && event.from === 'server');
  const last = session.findLastIndex(isOfServer);
  const asked = session
    .slice(last + 1)
    .find((event) => (event.kind === 'ping' || event.kind === 'close') && event.from === 'client');
  const end = session.find((event) => event.kind === 'end');
  if (asked === undefined || end?.by !== 'client') return undefined;
  return end.atMs - asked.atMs >= SILENT_AFTER_MS ? session[last] : undefined;
}

function serverStep(event: TraceEvent): Step | undefined {
  switch (event.kind) {
    case 'text':
      return { raw: { text: withoutPlaceholders(event.text) } };
    case 'binary':
      return event.base64 === undefined ? undefined : { raw: { base64: event.base64 } };
    case 'ping':
      return { ping: { base64: event.base64 } };
    case 'bytes':
      return { bytes: { base64: event.base64 } };
    case 'fault':
      return event.from === 'server' ? INVALID_FRAME : undefined;
    case 'close':
      // 1005 means that there was no code: an empty Close frame.
      if (event.code === 1005) return { bytes: { hex: '88 00' } };
      return {
        close: {
          code: event.code,
          ...(event.reason === '' ? {} : { reason: withoutPlaceholders(event.reason) }),
        },
      };
    case 'end':
      return event.by === 'server' && (event.how === 'fin' || event.how === 'reset')
        ? { abort: event.how }
        : undefined;
    default:
      return undefined;
  }
}

/** What the client has done since the last message of the server. */
interface Done {
  steps: { readonly step: Step; readonly atMs: number }[];
  /** Bytes of audio since the connection began. */
  bytes: number;
  /** When the last of the audio came, if there was any. */
  audioAtMs: number | undefined;
}

function command(done: Done, what: Command | undefined, atMs: number): void {
  if (what === undefined) return;
  audio(done);
  done.steps.push({ step: { await: { for: what, limit: PATIENCE } }, atMs });
}

function audio(done: Done): void {
  const { audioAtMs: atMs, bytes } = done;
  if (atMs !== undefined)
    done.steps.push({ step: { await: { for: 'audio', bytes, limit: PATIENCE } }, atMs });
  done.audioAtMs = undefined;
}

/** The steps that wait until the client has done what it had done by now. */
function waitFor(done: Done): readonly { readonly step: Step; readonly atMs: number }[] {
  audio(done);
  const { steps } = done;
  done.steps = [];
  return steps;
}

function commandIn(text: string, commandOf: ScenarioDialect['commandOf']): Command | undefined {
  let message: unknown;
  try {
    message = parseJson(text);
  } catch {
    return undefined;
  }
  if (typeof message !== 'object' || message === null) return undefined;
  return commandOf({ ...message });
}

/** What the client did on a connection, with silence as its audio, since a trace does not contain the speech. */
function clientSteps(session: readonly TraceEvent[], { has }: ScenarioDialect): ClientStepFile[] {
  const steps: ClientStepFile[] = [];
  let bytes = 0;
  const silence = () => {
    if (bytes > 0) steps.push({ audio: { silence: true, for: ms(bytes / BYTES_PER_MS) } });
    bytes = 0;
  };
  for (const event of session) {
    if (!('from' in event) || event.from !== 'client') continue;
    if (event.kind === 'binary' && has.includes('frames')) bytes += event.byteCount;
    if (event.kind === 'text') {
      silence();
      steps.push({ raw: event.text });
    }
    if (event.kind === 'close') {
      silence();
      steps.push({ close: event.code === 1005 ? {} : { code: event.code } });
    }
  }
  silence();
  return steps.slice(0, 1000);
}
