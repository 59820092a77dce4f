import type { Dialect } from '../../protocol/dialects.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { RedactorOptions } from '../../wire/redact/redact.ts';
import type { NoteStalls } from '../judge/stall-notes.ts';
import type { Room } from '../wire-client/room.ts';
import type { Fake, FakeAddresses, StartFake } from './fake.ts';
import { editionOf } from '../conversation/editions-in.ts';
import { keptOf, type Kept } from './kept.ts';
import { mergeEvents } from './reports/merge.ts';
import { scenarioName } from './scenario-name.ts';
import { withStrays } from './reports/strays.ts';
import { until } from '../../runtime/wait.ts';

/** How to play scenarios with an externally started client. */
export interface AttachOptions {
  readonly dialect: Dialect;
  /** The editions that the fake plays for connections that name none. */
  readonly editions: EditionNames;
  readonly seed: number;
  readonly startFake: StartFake;
  /** Real time. */
  readonly clock: Clock;
  /** Notes in a trace when the runner itself was late. Left out: nothing does. */
  readonly noteStalls?: NoteStalls;
  /** The token that the user of the client was told to use; any other is accepted too. */
  readonly token: string;
  readonly redaction?: RedactorOptions;
  /** The room for events of all scenarios; once it is used up, no further scenario is played. */
  readonly room: Room;
  /** Real milliseconds that a scenario may take from its first connection. */
  readonly timeoutMs: number;
  /**
   * Real milliseconds without a connection after which a scenario is over (2000); before that, the client may
   * reconnect.
   */
  readonly quietMs?: number;
  /** Real milliseconds to wait for a client to connect (10 minutes). */
  readonly patienceMs?: number;
  /** Called once, when clients can connect. */
  readonly onAddresses: (addresses: FakeAddresses) => void;
  readonly onProgress?: (progress: AttachProgress) => void;
  readonly signal?: AbortSignal;
}

/** What is happening, for a progress display. */
export type AttachProgress =
  | {
      readonly kind: 'waiting' | 'connected';
      readonly name: string;
      readonly index: number;
      readonly total: number;
    }
  | { readonly kind: 'ended'; readonly play: AttachedPlay; readonly index: number; readonly total: number };

/** The result of one scenario with an externally started client. */
export interface AttachedPlay extends Kept {
  readonly name: string;
  /**
   * `quiet`: all connections ended and no other came. `timeout`: it took too long, and the fake ended it. `nobody`: no
   * client connected. `stopped`: it was cancelled.
   */
  readonly outcome: 'quiet' | 'timeout' | 'nobody' | 'stopped';
}

const QUIET_MS = 2000;
const PATIENCE_MS = 600_000;

/**
 * Plays the scenarios with an externally started client, such as a page in a browser. A page keeps the address that it
 * was given, so all scenarios are played at the same address, one after the other. After the first scenario without a
 * connection, the others are not awaited.
 *
 * The fake accepts upgrades from pages of every origin, and allows calls of its REST API from them (CORS). Only some
 * browsers let a page that was loaded over https connect to loopback.
 *
 * @throws UserError for a scenario that cannot be played
 */
export async function attach(
  scenarios: readonly string[],
  options: AttachOptions,
): Promise<readonly AttachedPlay[]> {
  const { dialect, editions, seed, token, redaction, room, signal, onProgress = () => undefined } = options;
  const [first] = scenarios;
  if (first === undefined) return [];
  const fake = await options.startFake({
    scenario: first,
    dialect,
    editions,
    seed,
    token,
    isTokenRequired: false,
    ...(redaction === undefined ? {} : { redaction }),
  });
  const total = scenarios.length;
  const plays: AttachedPlay[] = [];
  try {
    options.onAddresses(fake.addresses);
    for (const [index, scenario] of scenarios.entries()) {
      if (signal?.aborted === true || room.isFull) break;
      const name = scenarioName(scenario);
      if (index > 0) await fake.play(scenario);
      onProgress({ kind: 'waiting', name, index, total });
      const connected = () => onProgress({ kind: 'connected', name, index, total });
      const outcome = await watch(fake, options, connected);
      const about = { scenario: name, ...editionOf(dialect, editions) };
      const { events, dropped } = keptOf(mergeEvents(await fake.end(), [], about), room);
      const noted = options.noteStalls?.(events, options.clock.now() - fake.now()) ?? events;
      const play = { name, events: withStrays(noted, dialect), dropped, outcome };
      plays.push(play);
      onProgress({ kind: 'ended', play, index, total });
      if (outcome === 'nobody') break;
    }
    return plays;
  } finally {
    await fake.stop();
  }
}

async function watch(
  fake: Fake,
  { clock, timeoutMs, quietMs = QUIET_MS, patienceMs = PATIENCE_MS, signal }: AttachOptions,
  connected: () => void,
): Promise<AttachedPlay['outcome']> {
  const isOff = () => signal?.aborted === true;
  if (!(await until(clock, patienceMs, () => fake.activity.begun > 0, signal))) {
    return isOff() ? 'stopped' : 'nobody';
  }
  connected();
  let busyMs = clock.now();
  let begunBefore = 0;
  const isQuiet = () => {
    const { begun, open } = fake.activity;
    if (open > 0 || begun > begunBefore) busyMs = clock.now();
    begunBefore = begun;
    return clock.now() - busyMs >= quietMs;
  };
  if (await until(clock, timeoutMs, isQuiet, signal)) return 'quiet';
  return isOff() ? 'stopped' : 'timeout';
}
