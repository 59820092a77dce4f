import { vendorOf, type Dialect } from '../../../src/protocol/dialects.ts';
import { clientScriptOf, readClientSteps, type ClientSession } from '../../../src/scenario/client-script.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import type { ServerUrls } from '../../../src/mock-server/addresses.ts';
import { playSteps } from '../clients/client-life.ts';
import { requestText, upgradeRequest } from '../clients/raw.ts';
import type { StageTime } from '../stage.ts';
import { WireClient } from '../clients/wire-client.ts';

/** Where a scenario is played against: a fake, or anything else that has its addresses. */
export interface Target {
  readonly urls: ServerUrls;
  readonly time: StageTime;
  /** Where the bundled recordings are served, without a slash at the end. */
  readonly recordings: string;
}

/** What a connection was to its client. */
export interface ConnectionOutcome {
  readonly kind: 'connection';
  readonly client: WireClient;
  /** When it was dialled, and when the first audio was sent. */
  readonly dialledMs: number;
  readonly firstAudioMs: number | undefined;
  /** When the client had seen enough. */
  readonly doneMs: number;
}

/** What a call was to its client. */
export interface CallOutcome {
  readonly kind: 'call';
  readonly call: 'initialize' | 'status';
  readonly client: WireClient;
  readonly dialledMs: number;
  readonly doneMs: number;
}

export interface Played {
  readonly outcomes: readonly (ConnectionOutcome | CallOutcome)[];
  /** What the client waited for in vain. */
  readonly failures: readonly string[];
}

/** Longer than all that a client of the documents waits for (15 s), so that what comes too late is seen to come. */
const HANDSHAKE_MS = 30_000;
/** What a client of the REST API says when it connects. */
const CONNECTED = ['start', { audio: '3s' }, 'stop', { await: 'close' }] as const;
/** Longer than any answer of a service that is only slow. */
const CALL_MS = 60_000;
/** How long a client that has nothing more to do looks whether the connection ends. */
const GRACE_MS = 5000;

interface Play {
  readonly scenario: Scenario;
  readonly session: ClientSession;
  readonly target: Target;
  readonly token: string;
}

/**
 * Plays the client of a scenario, connection by connection, and tells what it saw. A scenario without a name is not
 * asked for, so that the target does what it does by itself.
 */
export async function playScenario(scenario: Scenario, target: Target, token: string): Promise<Played> {
  const { dialect } = scenario.file;
  const outcomes: (ConnectionOutcome | CallOutcome)[] = [];
  const failures: string[] = [];
  for (const [i, session] of clientScriptOf(scenario).sessions.entries()) {
    const play: Play = { scenario, session, target, token: session.token ?? token };
    if (dialect === 'scriptix-rest') {
      const played = await playCalls(play);
      outcomes.push(...played.outcomes);
      failures.push(...played.failures);
      continue;
    }
    const { outcome, failure } = await playConnection(play, dialect);
    outcomes.push(outcome);
    if (failure !== undefined) failures.push(`connection ${i + 1}: ${failure}`);
  }
  return { outcomes, failures };
}

async function playConnection(
  play: Play,
  dialect: Exclude<Dialect, 'scriptix-rest'>,
): Promise<{ outcome: ConnectionOutcome; failure: string | undefined }> {
  const { time } = play.target;
  const url = addressOf(play, dialect);
  const dialledMs = time.now();
  const client = new WireClient(url, {
    now: () => time.now(),
    request: upgradeRequest(url, headersOf(play, dialect)),
  });
  await time.until(() => client.answer !== undefined || client.hasEnded, HANDSHAKE_MS);
  const life = client.isOpen ? await playSteps(play.session.steps, client, time) : undefined;
  if (client.isOpen) await time.until(() => client.hasEnded, GRACE_MS);
  // The end of TCP after a closing handshake, or after a plain answer, is not there at the same moment.
  if (client.hasEnded || client.answer !== undefined)
    await time.until(() => client.tcp !== undefined, GRACE_MS);
  const isRefused = client.answer !== undefined && client.answer.status !== 101;
  const outcome: ConnectionOutcome = {
    kind: 'connection',
    client,
    dialledMs,
    firstAudioMs: life?.firstAudioMs,
    doneMs: (isRefused ? client.answeredMs : client.endedMs) ?? time.now(),
  };
  client.abort('reset');
  return { outcome, failure: life?.failure };
}

function addressOf({ session, target, token }: Play, dialect: Dialect): string {
  const { scriptix, reson8 } = target.urls;
  const defaults: Record<string, string> =
    dialect === 'scriptix'
      ? { ...(token === '' ? {} : { token }), type: 'fast' }
      : dialect === 'scriptix-stream'
        ? { url: '/en-appointment.mp3', type: 'fast' }
        : {};
  const base =
    dialect === 'scriptix'
      ? scriptix.realtime
      : dialect === 'reson8'
        ? reson8.realtime
        : dialect === 'reson8-turns'
          ? reson8.turns
          : scriptix.stream.replace('{token}', encodeURIComponent(token));
  const address = new URL(base);
  for (const [name, value] of Object.entries({ ...defaults, ...session.query })) {
    if (value === false) continue;
    const isRecording = name === 'url' && value.startsWith('/');
    address.searchParams.set(name, isRecording ? `${target.recordings}${value}` : value);
  }
  return address.href;
}

function headersOf({ scenario, session, token }: Play, dialect: Dialect): Record<string, string> {
  const { headers, subprotocols } = session;
  const authorization: Record<string, string> =
    vendorOf(dialect) === 'reson8' && subprotocols === undefined && token !== ''
      ? { Authorization: `ApiKey ${token}` }
      : {};
  return {
    'x-understudy-scenario': scenario.name,
    ...authorization,
    ...(subprotocols === undefined ? {} : { 'Sec-WebSocket-Protocol': subprotocols.join(', ') }),
    ...headers,
  };
}

async function playCalls(play: Play): Promise<Played> {
  const { time } = play.target;
  const { steps } = play.session;
  const outcomes: (ConnectionOutcome | CallOutcome)[] = [];
  const failures: string[] = [];
  for (const step of steps) {
    switch (step.verb) {
      case 'call':
        if (step.call === 'token' || step.call === 'prerecorded') {
          failures.push(`${step.call}: not played here`);
        } else outcomes.push(await playCall(play, step.call));
        break;
      case 'wait':
        await time.until(() => false, step.ms);
        break;
      case 'connect': {
        const speaking = { ...play.session, steps: readClientSteps(CONNECTED) };
        const { outcome, failure } = await playConnection({ ...play, session: speaking }, 'scriptix');
        outcomes.push(outcome);
        if (failure !== undefined) failures.push(failure);
        break;
      }
      default:
        failures.push(`${step.verb}: a client of the REST API has no such step`);
    }
  }
  return { outcomes, failures };
}

async function playCall(
  { scenario, session, target, token }: Play,
  call: 'initialize' | 'status',
): Promise<CallOutcome> {
  const { time } = target;
  const { headers } = session;
  const url = new URL(`${target.urls.scriptix.api}/${call}`);
  const request = requestText(call === 'status' ? 'GET' : 'POST', url.pathname, {
    Host: url.host,
    'x-understudy-scenario': scenario.name,
    'x-zoom-s2t-key': token,
    ...(call === 'initialize' ? { 'Content-Type': 'application/json', 'Content-Length': '0' } : {}),
    Connection: 'close',
    ...headers,
  });
  const dialledMs = time.now();
  const client = new WireClient(url.href, { now: () => time.now(), request });
  await time.until(() => client.answer !== undefined || client.hasEnded, CALL_MS);
  client.abort('reset');
  return { kind: 'call', call, client, dialledMs, doneMs: client.answeredMs ?? client.endedMs ?? time.now() };
}
