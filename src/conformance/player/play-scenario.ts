import { sleep } from '../../runtime/wait.ts';
import {
  isSocket,
  mainSocketOf,
  vendorOf,
  type Dialect,
  type SocketDialect,
} from '../../protocol/dialects.ts';
import { ENDPOINTS, API_KEY_HEADER } from '../../protocol/scriptix/rest.ts';
import { clientScriptOf, readClientSteps, type ClientSession } from '../../scenario/client-script.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { TraceContext } from '../../wire/trace.ts';
import { exchange, type Exchange } from '../peer/exchange.ts';
import { WireClient } from '../peer/peer.ts';
import { Recorder } from '../peer/recorder.ts';
import type { RecordedPlay } from '../conversation/recorded-play.ts';
import { editionOf } from '../conversation/editions-in.ts';
import { addressOf, tokenOf } from './address.ts';
import { Meeting } from './meeting.ts';
import { PATIENCE_MS, playSteps } from './play-steps.ts';
import type { Target } from './target.ts';

/** How a play went for the player; what the server did is in the events. */
export interface Played extends RecordedPlay {
  /** What the client awaited and did not get, and requests that could not be made. */
  readonly failures: readonly string[];
  /** Why the recording is incomplete, in words: the run ended, or the limits were exceeded. */
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
    const about: Play['about'] = {
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
  return { name, events: [...recorder.events], beganMs, failures, ...(cut === undefined ? {} : { cut }) };
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

interface Play {
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

function playSession(play: Play): Promise<void> {
  const { dialect } = play.about;
  if (!isSocket(dialect)) return playCalls(play);
  return playConnection(play, dialect, `s${play.number}`);
}

async function playConnection(
  { session, about, target, recorder, failures, meeting }: Play,
  dialect: SocketDialect,
  name: string,
): Promise<void> {
  const { url, headers, known } = addressOf(session, dialect, target);
  const { record, isFull } = recorder.session(name);
  record({ kind: 'context', about: { ...about, ...known } });
  const { clock, establishMs, signal } = target;
  const peer = new WireClient({ url, headers, clock, establishMs, record, isFull, signal });
  const dialled = await peer.dialled;
  if (dialled.kind !== 'upgraded') {
    failures.push(...failureOf(name, dialled));
    return;
  }
  try {
    const meet = async () => {
      await Promise.race([meeting.arrive(session), peer.until(() => peer.hasEnded, PATIENCE_MS)]);
    };
    const failure = await playSteps(session.steps, { peer, target, dialect, record, meet });
    if (failure !== undefined) failures.push(`${name}: ${failure}`);
  } catch (error) {
    // For example after audio that cannot be read: an open connection would keep the process alive.
    peer.abort('reset');
    throw error;
  }
  if (signal?.aborted === true && !peer.hasEnded) record(RUN_ENDED);
  await leave(peer, target);
}

/** What the server would have sent is unknown, and its absence counts for nothing. */
const RUN_ENDED = { kind: 'note', message: 'the run ended here', dropped: 1 } as const;

/** Ends a connection as a client should, whatever state it is in. */
async function leave(peer: WireClient, { controlMs }: Target): Promise<void> {
  await peer.until(() => peer.hasEnded, TAIL_MS);
  peer.close(1000);
  await peer.until(() => peer.isOver, controlMs);
  peer.abort('reset');
}

function failureOf(name: string, result: Exchange): readonly string[] {
  return result.kind === 'failed' ? [`${name}: ${result.message}`] : [];
}

/** What a client of the REST API does when it connects. */
const CONNECTED = readClientSteps(['start', { audio: '2s' }, { close: 1000 }]);

async function playCalls(play: Play): Promise<void> {
  const { session, about, target, recorder, failures, number } = play;
  let calls = 0;
  for (const step of session.steps) {
    if (target.signal?.aborted === true) return;
    if (step.verb === 'wait') {
      await sleep(target.clock, step.ms, target.signal);
    } else if (step.verb === 'connect') {
      const dialect = mainSocketOf(vendorOf(about.dialect));
      const speaking: Play = {
        ...play,
        session: { ...session, steps: CONNECTED },
        about: { ...about, dialect },
      };
      await playConnection(speaking, dialect, `s${number}`);
    } else if (step.verb === 'call') {
      calls += 1;
      const name = `h${number}-${calls}`;
      const { record } = recorder.session(name);
      record({ kind: 'context', about });
      const { method, path } = ENDPOINTS[step.call];
      const token = tokenOf(session, target);
      const result = await exchange({
        url: `${target.apiUrl}${path}`,
        method,
        headers: {
          ...(token === undefined ? {} : { [API_KEY_HEADER]: token }),
          ...(method === 'POST' ? { 'content-type': 'application/json', 'content-length': '0' } : {}),
          ...session.headers,
        },
        clock: target.clock,
        limitMs: CALL_MS,
        record,
        signal: target.signal,
      });
      failures.push(...failureOf(name, result));
    } else failures.push(`${step.verb}: a client of the REST API has no such step`);
  }
}
