import { told } from '../../runtime/network/unreachable.ts';
import { sleep } from '../../runtime/wait.ts';
import {
  isSocket,
  mainSocketOf,
  vendorOf,
  type Dialect,
  type SocketDialect,
} from '../../protocol/dialects.ts';
import { clientScriptOf, type ClientSession } from '../../scenario/client-script.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { TraceContext } from '../../wire/trace.ts';
import { NOT_CALLABLE } from '../invariants/shared/not-served.ts';
import { exchange, type Exchange } from '../wire-client/exchange.ts';
import { WireClient } from '../wire-client/wire-client.ts';
import { Recorder } from '../wire-client/recorder.ts';
import type { RecordedPlay } from '../conversation/recorded-play.ts';
import { editionOf } from '../conversation/editions-in.ts';
import { addressOf } from './address.ts';
import { callOf, visitOf, type RestCall } from './calls.ts';
import { issuedTokenIn, msUntilExpired, presentsToken, type IssuedToken } from './issued.ts';
import { Meeting } from './meeting.ts';
import { PATIENCE_MS, playSteps } from './play-steps.ts';
import type { Target } from './target.ts';

/** How a play went for the player; what the server did is in the events. */
export interface Played extends RecordedPlay {
  /** What the client waited for and did not get, and requests that could not be made. */
  readonly failures: readonly string[];
  /** Why the recording is incomplete, in words: the run ended, or a limit was exceeded. */
  readonly cut?: string;
}

/** A call may have to wait until a service has started (S3:21). */
const CALL_MS = 120_000;
/** How long the connection may take to end by itself after the last step. */
const TAIL_MS = 300;

/** Plays the client of a scenario against a server and records everything. Never throws because of the server. */
export async function playScenario(scenario: Scenario, target: Target, name: string): Promise<Played> {
  const beganMs = target.clock.now();
  const recorder = new Recorder(target.clock, target.redactor, target.room);
  const failures: string[] = [];
  const { sessions } = clientScriptOf(scenario);
  const play = async (session: ClientSession, number: number, meeting: Meeting<ClientSession>) => {
    const about: Playing['about'] = {
      dialect: scenario.file.dialect,
      ...editionOf(scenario.file.dialect, target.editions),
      scenario: name,
      ...(session.token === undefined ? { credential: session.credential } : {}),
      ...(session.credential === 'invalid' && target.credentials.isMadeUp === true
        ? { madeUp: true as const }
        : {}),
      ...(session.role === undefined ? {} : { group: name, role: session.role }),
    };
    try {
      await playSession({ session, about, target, recorder, failures, number, meeting });
    } finally {
      meeting.leave(session);
    }
  };
  let number = 0;
  for (const round of roundsOf(sessions)) {
    if (target.room.isFull || target.signal?.aborted === true) break;
    const meeting = new Meeting(round.filter(({ steps }) => steps.some(({ verb }) => verb === 'meet')));
    await Promise.all(round.map((session) => play(session, ++number, meeting)));
  }
  const { cut } = recorder;
  // Later events belong to no play.
  const events = target.noteStalls?.(recorder.events, beganMs) ?? recorder.events;
  return { name, events: [...events], beganMs, failures, ...(cut === undefined ? {} : { cut }) };
}

/** Groups the sessions that run at the same time; all others run alone. */
function roundsOf(sessions: readonly ClientSession[]): readonly (readonly ClientSession[])[] {
  const rounds: ClientSession[][] = [];
  for (const session of sessions) {
    const round = rounds.at(-1);
    if (session.atOnce && round?.[0]?.atOnce === true) round.push(session);
    else rounds.push([session]);
  }
  return rounds;
}

interface Playing {
  readonly session: ClientSession;
  readonly about: TraceContext & { readonly dialect: Dialect };
  readonly target: Target;
  readonly recorder: Recorder;
  readonly failures: string[];
  /** The number of the session in the scenario, from 1. */
  readonly number: number;
  /** Shared by the sessions that run at the same time. */
  readonly meeting: Meeting<ClientSession>;
}

async function playSession(play: Playing): Promise<void> {
  const { about, session, target, number } = play;
  const { dialect } = about;
  if (!isSocket(dialect)) return playCalls(play);
  const name = `s${number}`;
  const { accessTokens } = target;
  if (accessTokens?.areIssued !== true || !presentsToken(session, dialect)) {
    return playConnection(play, dialect, name);
  }
  // A new one for each connection, so that no one needs to know how long a connection lasts.
  const call = callOf({ verb: 'call', call: 'token', audioMs: 0 }, session, target);
  const { issued, isServed } = await playCall({ ...play, about: withoutDialect(about) }, `h${number}`, call);
  if (!isServed) accessTokens.areIssued = false;
  const { token: own } = issued ?? {};
  await playConnection(
    own === undefined ? play : { ...play, session: { ...session, token: own } },
    dialect,
    name,
  );
}

/** Presents an access token. Whether it is still valid is up to the judge. */
function withToken({ token }: IssuedToken, play: Playing): Playing {
  return { ...play, session: { ...play.session, token }, about: withoutCredential(play.about) };
}

/** For a call, whose dialect is that of its path. */
function withoutDialect({ dialect: _, ...rest }: Playing['about']): TraceContext {
  return rest;
}

function withoutCredential({ credential: _, ...rest }: Playing['about']): Playing['about'] {
  return rest;
}

async function playConnection(
  { session, about, target, recorder, failures, meeting }: Playing,
  dialect: SocketDialect,
  name: string,
): Promise<void> {
  const { url, headers, known } = addressOf(session, dialect, target);
  const { record, isFull } = recorder.session(name);
  record({ kind: 'context', about: { ...about, ...known } });
  const { clock, establishMs, signal } = target;
  const client = new WireClient({ url, headers, clock, establishMs, record, isFull, signal });
  const dialled = await client.dialled;
  if (dialled.kind !== 'upgraded') {
    failures.push(...failureOf(name, dialled, url));
    return;
  }
  try {
    const meet = async () => {
      await Promise.race([meeting.arrive(session), client.until(() => client.hasEnded, PATIENCE_MS)]);
    };
    const failure = await playSteps(session.steps, { client, target, dialect, record, meet });
    if (failure !== undefined) failures.push(`${name}: ${failure}`);
  } catch (error) {
    // For example after audio that cannot be read: an open connection would keep the process alive.
    client.abort('reset');
    throw error;
  }
  if (signal?.aborted === true && !client.hasEnded) record(RUN_ENDED);
  await leave(client, target);
}

/** What the server would have sent is unknown, so its absence means nothing. */
const RUN_ENDED = { kind: 'note', message: 'the run ended here', dropped: 1 } as const;

/** Ends a connection as a client should, whatever state it is in. */
async function leave(client: WireClient, { controlMs }: Target): Promise<void> {
  await client.until(() => client.hasEnded, TAIL_MS);
  client.close(1000);
  await client.until(() => client.isOver, controlMs);
  client.abort('reset');
}

function failureOf(name: string, result: Exchange, url: string): readonly string[] {
  return result.kind === 'failed' ? [`${name}: ${told(result, url)}`] : [];
}

async function playCalls(play: Playing): Promise<void> {
  const { session, about, target, failures, number } = play;
  let calls = 0;
  let connections = 0;
  let issued: IssuedToken | undefined;
  for (const step of session.steps) {
    if (target.signal?.aborted === true) return;
    switch (step.verb) {
      case 'wait':
        await sleep(target.clock, step.ms, target.signal);
        break;
      case 'expire': {
        const ms = issued === undefined ? undefined : msUntilExpired(issued, target.clock.now());
        if (ms === undefined) return;
        await sleep(target.clock, ms, target.signal);
        break;
      }
      case 'connect': {
        connections += 1;
        const dialect = mainSocketOf(vendorOf(about.dialect));
        const visit = { ...session, steps: visitOf(about.dialect) };
        const name = connections === 1 ? `s${number}` : `s${number}-${connections}`;
        const visiting: Playing = { ...play, session: visit, about: { ...about, dialect } };
        await playConnection(issued === undefined ? visiting : withToken(issued, visiting), dialect, name);
        break;
      }
      case 'call': {
        calls += 1;
        const made = await playCall(play, `h${number}-${calls}`, callOf(step, session, target));
        if (step.call !== 'token') break;
        // Without a token nothing further can be done.
        if (made.issued === undefined) return;
        issued = made.issued;
        break;
      }
      default:
        failures.push(`${step.verb}: a client of the REST API has no such step`);
    }
  }
}

/** Makes a call. Returns the access token in its answer, if any, and whether there is anything at its path. */
async function playCall(
  { about, target, recorder, failures, session }: Omit<Playing, 'about'> & { readonly about: TraceContext },
  name: string,
  call: RestCall,
): Promise<{ readonly issued: IssuedToken | undefined; readonly isServed: boolean }> {
  const { record } = recorder.session(name);
  record({ kind: 'context', about: { ...about, ...call.about } });
  const result = await exchange({
    url: call.url,
    method: call.method,
    headers: { ...call.headers, ...session.headers },
    body: call.body,
    clock: target.clock,
    limitMs: CALL_MS,
    record,
    signal: target.signal,
  });
  failures.push(...failureOf(name, result, call.url));
  const issued = result.kind === 'answered' ? issuedTokenIn(result, target.clock.now()) : undefined;
  if (issued !== undefined) target.redactor.learn(issued.token);
  return { issued, isServed: result.kind === 'answered' && !NOT_CALLABLE.includes(result.status) };
}
