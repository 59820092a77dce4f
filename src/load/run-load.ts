import { setMaxListeners } from 'node:events';
import type { SocketDialect } from '../protocol/dialects.ts';
import { DEFAULT_EDITIONS, type EditionNames } from '../protocol/editions.ts';
import { editionOf } from '../conformance/conversation/editions-in.ts';
import type { Target } from '../conformance/player/target.ts';
import { Room, roomOfRun } from '../conformance/wire-client/room.ts';
import { openSounds } from '../conformance/player/sounds.ts';
import { serveStreams } from '../conformance/player/stream-source.ts';
import { DIALECTS } from '../protocol/dialects.ts';
import { realClock } from '../runtime/clock.ts';
import { checkTrust } from '../runtime/network/trust.ts';
import type { Shard } from '../runtime/shard.ts';
import { version } from '../runtime/version.ts';
import { isoOf, wallNowMs } from '../runtime/wall-time.ts';
import { newRedactor } from '../wire/redact/redact.ts';
import type { Material } from './material.ts';
import { withParameters, type Parameters } from './parameters.ts';
import { Meter } from './meter.ts';
import { outcomeOf } from './outcome.ts';
import { Pacer, type Paced } from './pacer.ts';
import { dueTimes } from './plan.ts';
import type { LoadReport } from './result.ts';
import { DRAIN_MS, runSession } from './session.ts';
import type { Slo } from './slo.ts';

/** How to put a service under load. */
export interface LoadOptions {
  readonly dialect: SocketDialect;
  /** The origin of its WebSockets. */
  readonly url: string;
  readonly token?: string | undefined;
  readonly perSecond: number;
  readonly forMs: number;
  readonly material: Material;
  /** What every session asks for in addition (nothing). */
  readonly parameters?: Parameters | undefined;
  /** How the service behaves (`documents`). */
  readonly editions?: Partial<EditionNames> | undefined;
  /** Where the material is from, as a person named it. */
  readonly from?: string | undefined;
  readonly slos: readonly Slo[];
  readonly shard?: Shard | undefined;
  /** The base of audio files for a server of streams (served by the runner). */
  readonly streamSource?: string | undefined;
  /** Ends the ramp: sessions are closed properly, and the report is written. */
  readonly signal?: AbortSignal;
  /** Called every second of the run. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** What a load is doing, for a progress display. */
export interface LoadProgress {
  readonly nowMs: number;
  readonly meter: Meter;
}

/** Room for a slow answer to an upgrade. */
const ESTABLISH_MS = 15_000;
const CONTROL_MS = 2000;
const PROGRESS_MS = 1000;

const NO_PARAMETERS: Parameters = { query: {}, start: {} };

/**
 * Begins sessions when they are due, whatever the others do, and measures what becomes of them.
 *
 * @throws UserError over TLS, for a wrong SSL_CERT_FILE
 */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const { dialect, url, token, slos, shard, perSecond, forMs, from, parameters = NO_PARAMETERS } = options;
  checkTrust(url);
  const material = withParameters(options.material, parameters);
  const editions = { ...DEFAULT_EDITIONS, ...options.editions };
  const { onProgress = () => undefined } = options;
  const startedAt = isoOf(wallNowMs());
  const isFetched = DIALECTS[dialect].audio === 'fetched';
  await using streams = isFetched && options.streamSource === undefined ? await serveStreams() : undefined;
  const clock = realClock();
  const meter = new Meter(forMs + material.holdMs + DRAIN_MS);
  const pacer = new Pacer(clock);
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const redactor = newRedactor({});
  if (token !== undefined) redactor.learn(token);
  const target: Target = {
    ...{ url, apiUrl: url.replace(/^ws/, 'http'), editions, credentials: { valid: token } },
    ...{ sounds: openSounds(), streamSource: options.streamSource ?? streams?.url, pace: 1, clock, redactor },
    ...{ room: new Room(roomOfRun(1)), establishMs: ESTABLISH_MS, controlMs: CONTROL_MS, form: undefined },
  };
  const context = { dialect, target, material, meter, pacer, clock, stopping: stop.signal };
  const holdMs = material.holdMs;
  const due = dueTimes({ perSecond, forMs, holdMs, shard });
  const running = new Set<Promise<void>>();
  const begun = new Promise<void>((resolve) => {
    let next = 0;
    const ramp: Paced = {
      step(nowMs) {
        for (; next < due.length && (due[next] ?? 0) <= nowMs; next++) {
          if (stop.signal.aborted) break;
          meter.count('due');
          const session = runSession(context, due[next] ?? 0).finally(() => running.delete(session));
          running.add(session);
        }
        if (next < due.length && !stop.signal.aborted) return due[next];
        resolve();
        return undefined;
      },
    };
    pacer.add(ramp, 0);
    stop.signal.addEventListener('abort', () => resolve());
  });
  const ticker: Paced = {
    step(nowMs) {
      onProgress({ nowMs, meter });
      return nowMs + PROGRESS_MS;
    },
  };
  pacer.add(ticker, PROGRESS_MS);
  const onStop = () => stop.abort();
  options.signal?.addEventListener('abort', onStop);
  if (options.signal?.aborted === true) onStop();
  await begun;
  while (running.size > 0) await Promise.allSettled(running);
  options.signal?.removeEventListener('abort', onStop);
  pacer.stop();
  const durationMs = Math.round(clock.now());
  const subject = { dialect, ...editionOf(dialect, editions), target: redactor.text(url) };
  const failures = Object.fromEntries(meter.failures);
  const seen = {
    counts: meter.countsSoFar,
    times: meter.times,
    isStopped: stop.signal.aborted,
  };
  return {
    schemaVersion: 1,
    kind: 'load',
    tool: { name: 'asr-understudy', version: version() },
    subject,
    startedAt,
    durationMs,
    terms: { perSecond, holdMs, forMs, from, ...termsOf(parameters), slos: slos.map(({ text }) => text) },
    ...(shard === undefined ? {} : { shard }),
    ...outcomeOf(slos, { ...seen, failures, subject }, { shard }),
    ...seen,
    refusals: Object.fromEntries(meter.refusals),
    failures,
    closes: Object.fromEntries(meter.closes),
    stretchMs: meter.stretchMs,
    timeline: meter.timeline,
  };
}

/** What a report says of the parameters. */
function termsOf({ query, start }: Parameters): Partial<Parameters> {
  return {
    ...(Object.keys(query).length === 0 ? {} : { query }),
    ...(Object.keys(start).length === 0 ? {} : { start }),
  };
}
