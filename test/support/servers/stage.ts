import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { MockServerOptions } from '../../../src/mock-server/options.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { openSource } from '../../../src/audio/sources/open.ts';
import { realClock, type ManualClock } from '../../../src/runtime/clock.ts';
import { fixture, fixtureFile } from '../audio.ts';
import { body, startOrigin, type Origin, type Serve } from '../programs/origin.ts';
import { recognise } from '../reson8.ts';
import { status } from '../scriptix/api.ts';
import { transcribe } from '../scriptix/scriptix.ts';

/** Time that passes only while a test waits for something. */
export interface StageTime {
  /** Milliseconds of scenario time. */
  now(): number;
  /** Lets time pass until `isMet`, for at most `limitMs`. Returns whether it was met. */
  until(isMet: () => boolean, limitMs: number): Promise<boolean>;
}

/** Where scenarios are played. */
export interface Stage extends AsyncDisposable {
  readonly fake: MockServer;
  readonly origin: Origin;
  readonly time: StageTime;
}

const RECORDINGS = [
  'en-appointment.mp3',
  'en-appointment.wav',
  'nl-afspraak.mp3',
  ...['media.m3u8', 'segment-0.mp3', 'segment-1.mp3', 'segment-2.mp3'].map(
    (name) => `en-appointment-hls/${name}`,
  ),
];

/** Starts a fake whose time stands still, and a server for the recordings that stream mode fetches. */
export async function startStage(
  folders: readonly string[],
  options: MockServerOptions = {},
): Promise<Stage> {
  const routes: Record<string, Serve> = {};
  for (const name of RECORDINGS) routes[`/${name}`] = body(fixtureFile(name));
  const origin = await startOrigin(routes);
  // Folders that are given are read at once, so no connection waits for a file while time passes.
  const fake = await startMockServer({ ...options, clock: 'manual', scenarios: folders });
  const time = await stageTime(fake.clock);
  return {
    fake,
    origin,
    time,
    async [Symbol.asyncDispose]() {
      time.stop();
      await fake.stop();
      await origin[Symbol.asyncDispose]();
    },
  };
}

/** The amount of scenario time that passes in one step. */
const STEP_MS = 100;
/** An answer to what was just sent takes a few turns of the event loop; each round trip is two of them or more. */
const ROUND_TRIPS = 4;

/**
 * Moves a manual clock, and before every step gives what is on its way the time to arrive: several round trips over a
 * loopback connection of its own, which are behind everything that was sent before them. So a busy machine slows
 * scenario time down instead of letting it run away.
 */
export async function stageTime(clock: ManualClock): Promise<StageTime & { stop(): void }> {
  const echo = createServer((socket) => socket.setNoDelay(true).pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const line = connect((echo.address() as AddressInfo).port, '127.0.0.1').setNoDelay(true);
  return {
    now: () => clock.now(),
    async until(isMet, limitMs) {
      const endMs = clock.now() + limitMs;
      for (;;) {
        for (let i = 0; i < ROUND_TRIPS; i++) await roundTrip(line);
        if (isMet()) return true;
        if (clock.now() >= endMs) return false;
        await clock.advance(Math.min(STEP_MS, endMs - clock.now()));
      }
    },
    stop() {
      line.destroy();
      echo.close();
    },
  };
}

function roundTrip(line: Socket): Promise<void> {
  return new Promise((resolve) => {
    line.once('data', () => resolve());
    line.write('.');
  });
}

/** Loads everything that connections load on first use, so that none waits for it while time passes. */
export async function warmUp({ fake, origin }: Stage): Promise<void> {
  await import('../../../src/scenario/compile/compile.ts');
  await import('../../../src/mock-server/session/play-stream.ts');
  const speech = fixture('en-appointment.wav').pcm;
  await transcribe(fake, speech);
  await transcribe(fake, speech, { query: { language: 'nl' } });
  await recognise(fake.urls.reson8.realtime, '', speech);
  await status(fake);
  const { signal } = new AbortController();
  for (const name of ['en-appointment.mp3', 'en-appointment-hls/media.m3u8']) {
    const options = { allow: { loopback: true, names: [], networks: [] }, clock: realClock(), signal };
    for await (const { durationMs } of openSource(`${origin.url}/${name}`, options))
      if (durationMs > 0) break;
  }
}
