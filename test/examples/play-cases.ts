import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// What the fake loads when it is first needed is loaded now: while that many clients start, it would take long.
import '../../src/mock-server/session/play-stream.ts';
import '../../src/mock-server/rest/app.ts';
import '../../src/scenario/compile.ts';
import type { MockServer } from '../../src/mock-server/mock-server.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { until } from '../../src/runtime/wait.ts';
import { BYTES_PER_MS, fixture, fixtureFile, wav } from '../support/audio.ts';
import { REPOSITORY } from '../support/programs/cli.ts';
import { body, startOrigin } from '../support/programs/origin.ts';
import type { Case, ProgramName } from './cases.ts';
import { runClient, type ClientRun } from './client-run.ts';
import { attemptsOf, callsOf, type Recorded } from './recorded.ts';

/** What became of a case. */
export interface Played {
  readonly run: ClientRun;
  readonly attempts: readonly Recorded[];
  readonly calls: readonly string[];
  /** What the fake fetched: path and query. */
  readonly fetched: readonly string[];
}

/** The command of each program. */
export type Programs = Readonly<Record<ProgramName, readonly [string, ...string[]]>>;

/** A name that no scenario has, and that must not appear in anything that a client says. */
export const TOKEN = 'token-that-nobody-may-read';
/** Programs at the same time: most of their time is waiting, as in life. */
const MOST_AT_ONCE = 20;
/**
 * Programs that start at the same time, which is no waiting: twenty of them left the fake, which answers all, no processor
 * for twelve seconds.
 */
const MOST_STARTING = 2;
/** After this, a program no longer counts as starting; the fake sees nothing of those whose handshake hangs. */
const LONGEST_START_MS = 5000;
/** So much of en-appointment.wav is its first sentence. */
const SHORT_MS = 3100;

/** Plays all cases, several at a time; the longest waits are those of the clients, so no one waits for them in turn. */
export function playAll(cases: readonly Case[], programs: Programs): readonly Promise<Played>[] {
  const running = new Places(MOST_AT_ONCE);
  const starting = new Places(MOST_STARTING);
  return cases.map((one) => running.within(() => play(one, programs, starting)));
}

/** Lets only so many do something at the same time; the others wait in their order. */
class Places {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  async within<T>(act: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await act();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

async function play(one: Case, programs: Programs, starting: Places): Promise<Played> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-client-'));
  try {
    const dialect = one.program;
    const own = join(folder, 'of-this-test.yaml');
    if (one.server !== undefined) {
      await writeFile(own, JSON.stringify({ dialect, summary: 'of a test', server: one.server }));
    }
    const scenario = one.server === undefined ? one.scenario && `${dialect}/${one.scenario}` : own;
    await using origin = await startOrigin({
      '/en-appointment.mp3': body(fixtureFile('en-appointment.mp3')),
    });
    await using fake = await startMockServer({
      ...one.fake,
      ...(scenario === undefined ? {} : { scenario }),
    });
    const { scriptix, reson8 } = fake.urls;
    const endpoints = {
      scriptix: scriptix.realtime,
      'scriptix-stream': scriptix.stream,
      reson8: reson8.realtime,
      'reson8-turns': reson8.turns,
    };
    // A client that learns from the API where to connect must not need to know it.
    const url = one.api === true ? 'ws://127.0.0.1:1/v2/realtime' : endpoints[one.program];
    const [command, ...args] = programs[one.program];
    const env = {
      UNDERSTUDY_URL: url,
      UNDERSTUDY_TOKEN: one.token ?? TOKEN,
      UNDERSTUDY_LANGUAGE: 'en',
      UNDERSTUDY_AUDIO: await recording(one.audio ?? 'short', folder),
      UNDERSTUDY_STREAM_URL: origin.url + (one.streamPath ?? '/en-appointment.mp3'),
      ...(one.api === true ? { UNDERSTUDY_API_URL: scriptix.api } : {}),
    };
    const { ending } = await starting.within(async () => {
      const ending = runClient([command, ...args, ...(one.args ?? [])], env);
      await Promise.race([ending, hasBegun(fake)]);
      return { ending };
    });
    const run = await ending;
    return {
      run,
      attempts: attemptsOf(fake),
      calls: callsOf(fake),
      fetched: origin.asked.map(({ target }) => target),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The fake has seen something of its client, or this takes too long. */
async function hasBegun(fake: MockServer): Promise<void> {
  await until(realClock(), LONGEST_START_MS, () => fake.journal.ids.length > 0);
}

async function recording(name: 'short' | 'en-appointment' | 'en-long', folder: string): Promise<string> {
  if (name !== 'short') return join(REPOSITORY, `fixtures/audio/${name}.wav`);
  const path = join(folder, 'short.wav');
  await writeFile(path, wav(fixture('en-appointment.wav').pcm.subarray(0, SHORT_MS * BYTES_PER_MS)));
  return path;
}
