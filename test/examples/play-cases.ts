import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// Modules that the fake loads on demand are loaded now, because that takes long while many clients start.
import '../../src/mock-server/session/play-stream.ts';
import '../../src/mock-server/rest/app.ts';
import '../../src/scenario/compile/compile.ts';
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

/** What happened in a case. */
export interface Played {
  readonly run: ClientRun;
  readonly attempts: readonly Recorded[];
  readonly calls: readonly string[];
  /** The paths and queries that the fake fetched. */
  readonly fetched: readonly string[];
}

/** The command of each program. */
export type Programs = Readonly<Record<ProgramName, readonly [string, ...string[]]>>;

/** A token that is not the name of a scenario, and must not appear in the output of a client. */
export const TOKEN = 'token-that-nobody-may-read';
/** Programs at the same time; they mostly wait. */
const MOST_AT_ONCE = 20;
/**
 * Programs that start at the same time, which takes processor time: twenty of them left the fake, which answers all, no
 * processor for twelve seconds.
 */
const MOST_STARTING = 2;
/** After this time a program no longer counts as starting, because the fake does not notice those whose handshake hangs. */
const LONGEST_START_MS = 5000;
/** The length of the first sentence of en-appointment.wav. */
const SHORT_MS = 3100;

/** Plays all cases, several at a time, because the clients spend most of their time waiting. */
export function playAll(cases: readonly Case[], programs: Programs): readonly Promise<Played>[] {
  const running = new Places(MOST_AT_ONCE);
  const starting = new Places(MOST_STARTING);
  return cases.map((one) => running.within(() => play(one, programs, starting)));
}

/** Lets at most this many run at the same time; the others wait in order. */
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
    // A client that gets the endpoint from the API must not need it as a setting.
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

/** Resolves when the fake has heard of its client, or after the longest start. */
async function hasBegun(fake: MockServer): Promise<void> {
  await until(realClock(), LONGEST_START_MS, () => fake.journal.ids.length > 0);
}

async function recording(name: 'short' | 'en-appointment' | 'en-long', folder: string): Promise<string> {
  if (name !== 'short') return join(REPOSITORY, `fixtures/audio/${name}.wav`);
  const path = join(folder, 'short.wav');
  await writeFile(path, wav(fixture('en-appointment.wav').pcm.subarray(0, SHORT_MS * BYTES_PER_MS)));
  return path;
}
