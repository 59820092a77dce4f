import type { ArgumentsCamelCase, Argv } from 'yargs';
import { SOCKET_DIALECTS } from '../../load/dialects.ts';
import { parseQuery, parseStart, withParameters } from '../../load/parameters.ts';
import { dueTimes, parseRate, worstAudioMs } from '../../load/plan.ts';
import { runLoad } from '../../load/run-load.ts';
import { parseSlo } from '../../load/slo.ts';
import { vendorOf } from '../../protocol/dialects.ts';
import { UserError } from '../../runtime/errors.ts';
import { isLoopback } from '../../runtime/network/address.ts';
import { parseShard } from '../../runtime/shard.ts';
import { listed } from '../../runtime/text/listed.ts';
import { visible } from '../../runtime/text/plain.ts';
import { asCredential } from '../conformance/flags.ts';
import { LOAD_EDITION, readNamed } from '../conformance/editions.ts';
import { asOrigin } from '../conformance/origin.ts';
import { TRUST_TOLD } from '../environment.ts';
import { asText, asTexts, many, one, readAll, withFlags, type ValuesOf } from '../flag.ts';
import { leave, say } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';
import { asChoice, asDuration, notZero } from '../values.ts';
import { loadMaterial, LONGEST_HOLD_MS } from './material.ts';
import { finishLoad, parseLoadTargets, prepareLoadTargets, REPORT_DESCRIBED } from './output.ts';
import { watchLoad } from './progress.ts';

const MOST_SLOS = 100;
/** The default limit of audio in all sessions together, on a host other than this machine. */
const USUAL_BUDGET_MS = 3_600_000;

const FLAGS = {
  dialect: one(`Protocol of the service: ${listed(SOCKET_DIALECTS)}`, asChoice(SOCKET_DIALECTS), {
    missing: `expected ${listed(SOCKET_DIALECTS)}`,
  }),
  url: one(
    'Its origin, such as wss://realtime.example.com; the documented path is added',
    asOrigin(['ws:', 'wss:']),
    {
      missing: 'expected the origin of the service, such as ws://127.0.0.1:8080',
    },
  ),
  token: one('Credential that every session presents (UNDERSTUDY_TOKEN)', asCredential, {
    env: 'UNDERSTUDY_TOKEN',
  }),
  rate: one('How often a session begins, such as 5/s, 30/m or 100/h (1/s)', parseRate),
  hold: one('How long a session speaks (10s)', notZero(asDuration)),
  for: one('How long new sessions are begun (60s)', notZero(asDuration)),
  from: one(
    'What a session sends: a trace that was recorded (.ndjson), or the client of a scenario (.yaml)',
    asText,
  ),
  query: many('Parameter of every connection, such as language=nl; repeatable', parseQuery),
  start: many(
    'For scriptix: parameter of the start command, JSON or text, such as partial=false; repeatable',
    parseStart,
  ),
  edition: LOAD_EDITION,
  audio: one('Speech to send: WAVE, converted to 16 kHz and one channel (a bundled recording)', asText),
  'stream-source': one('For scriptix-stream: base URL of audio files that the service can fetch', asText),
  slo: many(
    "Objective, such as 'first-result p95<900ms', 'lost-finals=0' or 'refused<1%'; repeatable",
    (texts) => {
      if (texts.length > MOST_SLOS) throw new UserError(`expected at most ${MOST_SLOS}, got ${texts.length}`);
      return texts.map(parseSlo);
    },
  ),
  shard: one(
    'Begin only this part of the sessions, such as 1/3; load merge puts the parts together',
    parseShard,
  ),
  'allow-load': many('Host other than this machine that may be put under load; repeatable', asTexts),
  'max-audio': one(
    'Maximum audio of all sessions together, such as 120m (60m on a host other than this machine)',
    asDuration,
  ),
  report: many(REPORT_DESCRIBED, parseLoadTargets),
};

/** Adds the flags of `load`. */
export function loadFlags(argv: Argv): Argv {
  return withFlags(
    argv.usage(
      [
        '$0 load --dialect D --url URL [flags]',
        '',
        'Begins sessions at a fixed rate, however slow the service is, lets each speak in real time, and measures on the clock',
        'of the audio: how soon the first result comes, how far partials and finals are behind, and how many finals are lost.',
        '',
        'Exit code: 0 the objectives are met, 1 one is not, 2 wrong usage, 3 undecided: the generator could not keep up,',
        'no session was accepted, the run was stopped, or something was never measured.',
      ].join('\n'),
    ),
    FLAGS,
  )
    .example(
      "$0 load --dialect reson8 --url ws://127.0.0.1:8080 --token x --rate 5/s --hold 20s --for 1m --slo 'first-result p95<900ms'",
      'The fake itself',
    )
    .example(
      '$0 load --dialect scriptix --url wss://stt.example.com --allow-load stt.example.com --max-audio 30m',
      'A real service',
    )
    .epilogue(TRUST_TOLD);
}

/** Puts a service under load, prints and writes reports, and sets the exit code. */
export async function load(given: ArgumentsCamelCase): Promise<void> {
  const flags = readAll(FLAGS, given);
  const { dialect, url, hold, from, audio, shard, token, slo, report } = flags;
  const { rate: perSecond = 1, for: forMs = 60_000, query, start } = flags;
  const editions = readNamed(flags.edition, [vendorOf(dialect)]);
  const parameters = { query, start };
  if ((hold ?? 0) > LONGEST_HOLD_MS) throw new UserError('expected a day at most', { flag: 'hold' });
  checkConsent(flags);
  const material = await loadMaterial({ dialect, holdMs: hold, from, audio });
  // Mistakes in them are reported before anything begins.
  withParameters(material, parameters);
  const { holdMs } = material;
  const sessions = dueTimes({ perSecond, forMs, holdMs, shard }).length;
  const audioMs = worstAudioMs(sessions, holdMs);
  const mostMs = flags['max-audio'] ?? (isLoopback(url) ? Infinity : USUAL_BUDGET_MS);
  say(
    visible(
      `${url}: ${sessions} ${sessions === 1 ? 'session' : 'sessions'} of ${holdMs / 1000} s, at most ${minutes(audioMs)} of audio in all`,
    ),
  );
  if (audioMs > mostMs) {
    throw new UserError(`that is more than ${minutes(mostMs)}; lower --rate, --hold or --for, or raise it`, {
      flag: 'max-audio',
    });
  }
  prepareLoadTargets(report);
  const progress = watchLoad(sessions);
  const result = await untilStopped((signal) =>
    runLoad({
      ...{ dialect, url, token, perSecond, forMs, material, parameters, editions, slos: slo, shard, signal },
      from: from === undefined ? undefined : visible(from),
      streamSource: flags['stream-source'],
      onProgress: progress.show,
    }),
  );
  progress.done();
  finishLoad(result, report);
  await leave();
}

/** @throws UserError for a host that `--allow-load` does not name */
function checkConsent({ url, 'allow-load': allowed }: ValuesOf<typeof FLAGS>): void {
  const { hostname } = new URL(url);
  if (isLoopback(url) || allowed.includes(hostname)) return;
  throw new UserError(
    `${hostname} is not this machine: a load costs its owner money and may keep others out. --allow-load ${hostname} says that you may`,
    { flag: 'url' },
  );
}

function minutes(ms: number): string {
  return ms < 600_000 ? `${(ms / 60_000).toFixed(1)} min` : `${Math.round(ms / 60_000)} min`;
}
