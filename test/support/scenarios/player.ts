import {
  isSocket,
  mainSocketOf,
  vendorOf,
  type Dialect,
  type SocketDialect,
} from '../../../src/protocol/dialects.ts';
import { clientScriptOf, readClientSteps, type ClientSession } from '../../../src/scenario/client-script.ts';
import type { Call, RestDialect } from '../../../src/scenario/dialects/calls.ts';
import { SCENARIO_DIALECTS } from '../../../src/scenario/dialects/dialects.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import type { ServerUrls } from '../../../src/mock-server/addresses.ts';
import { playSteps } from '../clients/client-life.ts';
import { upgradeRequest } from '../clients/raw.ts';
import type { StageTime } from '../servers/stage.ts';
import { WireClient } from '../clients/wire-client.ts';
import { accessTokenIn, playCall, type CallOutcome } from './calls.ts';

/** The target of a scenario: a fake, or any server with the same addresses. */
export interface Target {
  readonly urls: ServerUrls;
  readonly time: StageTime;
  /** Where the bundled recordings are served, without a slash at the end. */
  readonly recordings: string;
}

/** A connection as its client saw it. */
export interface ConnectionOutcome {
  readonly kind: 'connection';
  readonly client: WireClient;
  /** When the connection was opened, and when the first audio was sent. */
  readonly dialledMs: number;
  readonly firstAudioMs: number | undefined;
  /** When the client had seen enough. */
  readonly doneMs: number;
}

export interface Played {
  readonly outcomes: readonly (ConnectionOutcome | CallOutcome)[];
  /** What the client waited for without success. */
  readonly failures: readonly string[];
}

/** Longer than any wait of a documented client (15 s), so that late events are seen as well. */
const HANDSHAKE_MS = 30_000;
/** How long a client that has nothing more to do waits for the end of the connection. */
const GRACE_MS = 5000;

interface Play {
  readonly scenario: Scenario;
  readonly session: ClientSession;
  readonly target: Target;
  readonly token: string;
}

/**
 * Plays the client of a scenario, connection by connection, and returns what it saw. A scenario without a name is not
 * selected at the target, which then shows its default behaviour.
 */
export async function playScenario(scenario: Scenario, target: Target, token: string): Promise<Played> {
  const { dialect } = scenario.file;
  const outcomes: (ConnectionOutcome | CallOutcome)[] = [];
  const failures: string[] = [];
  for (const [i, session] of clientScriptOf(scenario).sessions.entries()) {
    const play: Play = { scenario, session, target, token: session.token ?? token };
    if (!isSocket(dialect)) {
      const played = await playCalls(play, dialect);
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
  dialect: SocketDialect,
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

async function playCalls(play: Play, dialect: RestDialect): Promise<Played> {
  const { scenario, session, target, token } = play;
  const outcomes: (ConnectionOutcome | CallOutcome)[] = [];
  const failures: string[] = [];
  let accessToken: string | undefined;
  /** A client with an access token presents it instead of the key, but not to get another token. */
  const headersFor = (call?: Call) => ({
    'x-understudy-scenario': scenario.name,
    ...(accessToken === undefined || call === 'token' ? {} : { Authorization: `Bearer ${accessToken}` }),
    ...session.headers,
  });
  for (const step of session.steps) {
    switch (step.verb) {
      case 'call': {
        const outcome = await playCall(step, target, token, headersFor(step.call));
        accessToken = accessTokenIn(outcome) ?? accessToken;
        outcomes.push(outcome);
        break;
      }
      case 'wait':
        await target.time.until(() => false, step.ms);
        break;
      case 'connect': {
        const socket = mainSocketOf(vendorOf(dialect));
        const steps = readClientSteps(SCENARIO_DIALECTS[socket].clientSteps);
        const speaking: Play = { ...play, session: { ...session, steps, headers: headersFor() } };
        const { outcome, failure } = await playConnection(speaking, socket);
        outcomes.push(outcome);
        if (failure !== undefined) failures.push(failure);
        break;
      }
      default:
        failures.push(`${step.verb}: a client of a REST API has no such step`);
    }
  }
  return { outcomes, failures };
}
