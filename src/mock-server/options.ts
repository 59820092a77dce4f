import { VENDORS } from '../protocol/dialects.ts';
import { DEFAULT_EDITIONS, type EditionNames } from '../protocol/editions.ts';
import { SERVICE_STATUSES, type ServiceStatus } from '../protocol/scriptix/service.ts';
import { UserError, type Mistake } from '../runtime/errors.ts';
import { isFields } from '../runtime/json/fields.ts';
import { isBetween, isTexts, kindOf, numberShown, unknownNames } from '../runtime/json/given.ts';
import { isLoopback } from '../runtime/network/address.ts';
import { listed } from '../runtime/text/listed.ts';
import { editionsGiven } from '../scenario/editions.ts';
import { REPLAY_MODES, type ReplayMode } from '../scenario/replay/mode.ts';
import { INITIALIZE_OUTCOMES, type InitializeOutcome } from '../scenario/script.ts';
import type { RedactorOptions } from '../wire/redact/redact.ts';
import type { ServerEvent } from './events.ts';
import type { Judge } from './control/judge/judging.ts';
import type { JournalOptions } from './journal/journal.ts';
import type { Prices } from './journal/usage.ts';
import type { ServiceOptions } from './rest/service.ts';

/** What can be set when a server is started. Everything has a default. */
export interface MockServerOptions {
  /** The TCP port; 0 (the default) takes a free one. */
  readonly port?: number;
  /** The address to listen on (127.0.0.1). */
  readonly host?: string;
  /**
   * Only these keys are accepted, `KEY[:admin|user|expired]`. If none are given, every key is accepted except the
   * built-in ones.
   */
  readonly keys?: readonly string[];
  /** The realtime service behind the REST API: its state, how long it takes to start, and what initialize does. */
  readonly service?: {
    /** The state at the start (ready). */
    readonly status?: ServiceStatus;
    /** Milliseconds of scenario time that starting takes, up to a day (2000). */
    readonly startMs?: number;
    /** What a call of initialize does (`starts`). */
    readonly onInitialize?: InitializeOutcome;
  };
  /** How each service behaves for connections that name no edition (`documents`). */
  readonly editions?: Partial<EditionNames>;
  /**
   * The scenario for connections that select none: a name (`drop-mid-word`, or `reson8/drop-mid-word` for one dialect
   * only) or a file; several of them for several dialects. Without it every connection behaves as documented.
   */
  readonly scenario?: string | readonly string[];
  /** Folders with more scenario files; a file there replaces a bundled one of the same name. */
  readonly scenarios?: readonly string[];
  /**
   * Folders with recordings (WAV, MP3) and their transcripts (`.json`, `.vtt`, `.srt`, `.txt`): to a client that sends
   * one of them, the fake says the words that are spoken in it, at their times.
   */
  readonly recordings?: readonly string[];
  /** How a recording (`scenario: 'file.ndjson'`) is played (`timed`); see ReplayMode. */
  readonly replay?: ReplayMode;
  /**
   * Reads a file in `scenarios` again when it changes; a broken file is reported, and its last good version kept. The
   * same goes for the files in `recordings`; connections opened afterwards know the new ones. `close`: connections that
   * play the last version are closed with 1012, so that clients reconnect and get the new one.
   */
  readonly watch?: boolean | 'close';
  /** The seed for everything that is made up, a whole number from 0 (1). */
  readonly seed?: number;
  /** How many times faster than real time scenario time runs, 0.01 to 1000 (1). */
  readonly speed?: number;
  /** `manual`: scenario time stands still until `clock.advance()` (real). */
  readonly clock?: 'real' | 'manual';
  /** Serves wss and https: with your own certificate (PEM), or with `true` one that is made now. */
  readonly tls?:
    | true
    | {
        /** The certificate, with its chain. */
        readonly cert: string;
        /** The private key. */
        readonly key: string;
      };
  /** Hosts other than loopback that stream mode may fetch from. */
  readonly allowUrls?: readonly string[];
  /**
   * How many made-up speakers take turns in Scriptix finals; 0 (the default) names none. Reson8 distinguishes the same
   * number for a client that asks for it; with 0, two.
   */
  readonly speakers?: number;
  /** What a minute of audio costs, for both services or for each, so that `usage()` includes the cost (no price). */
  readonly pricePerMinute?: number | Prices;
  /** The longest message of a client, in bytes (1 MiB); a longer one ends the connection with 1009. */
  readonly maxFrameBytes?: number;
  /** The longest recording in one call, in bytes (100 MiB); a longer one is answered with 413. */
  readonly maxBodyBytes?: number;
  /** Bytes that a client may leave unread before its connection is reset (4 MiB). */
  readonly maxBufferedBytes?: number;
  /** Open connections at the same time (10,000); more are refused. */
  readonly maxSessions?: number;
  /**
   * Real milliseconds for the headers of a request to arrive (15,000), after which it is answered with 408; the same
   * for its body, unless that is a recording.
   */
  readonly headersTimeoutMs?: number;
  /** Scenario milliseconds after which Scriptix says `listening` again, as a keep-alive, 50 to a day (never). */
  readonly pulseMs?: number;
  /** Real milliseconds between the server's pings; a client that misses one is disconnected (20,000). */
  readonly pingMs?: number;
  /**
   * Real milliseconds in which `stop()` lets open connections end by themselves, up to a day (0). Meanwhile upgrades
   * are refused with 503; connections still open afterwards are closed with 1001.
   */
  readonly drainMs?: number;
  /**
   * What is remembered of connections: how many (1000, and the same number of HTTP requests; 0 remembers none), in how
   * many bytes (16 MiB, at least 64 KiB), with the bytes of audio or only their number (false).
   */
  readonly journal?: Partial<JournalOptions>;
  /**
   * Allows those who know it to use the control API, as `Authorization: Bearer …`; at least 8 characters. On a loopback
   * address the control API needs no token; on other addresses it exists only with one.
   */
  readonly controlToken?: string | undefined;
  /**
   * The live page, in front of the control API: at `/__understudy/`, and at `/` for browsers (true). It exists only
   * with the control API.
   */
  readonly page?: boolean;
  /**
   * Judges traces for the control API and the live page: `serve` passes the judges of `conformance trace`. Without it
   * they show no verdicts.
   */
  readonly judge?: Judge;
  /** Lets the control API and the live page save scenarios as files in the first folder of `scenarios` (false). */
  readonly allowSave?: boolean;
  /**
   * Names of headers, parameters and fields that are secrets, in addition to the known ones, and which stand-ins to
   * share.
   */
  readonly redaction?: RedactorOptions;
  /**
   * The longest that `nextSession()`, `nextRefusal()` and `received()` wait, in real milliseconds, unless the call says
   * otherwise (5000); a function is asked before each wait.
   */
  readonly waitMs?: number | (() => number);
  /** Called for everything that happens, for a log. Never contains a key. */
  readonly onEvent?: (event: ServerEvent) => void;
}

/** All options, with their defaults filled in. */
export type ReadOptions = Required<
  Omit<
    MockServerOptions,
    | 'tls'
    | 'service'
    | 'scenario'
    | 'editions'
    | 'journal'
    | 'controlToken'
    | 'pulseMs'
    | 'waitMs'
    | 'pricePerMinute'
    | 'judge'
  >
> &
  Pick<MockServerOptions, 'tls' | 'controlToken'> & {
    readonly service: ServiceOptions;
    readonly editions: EditionNames;
    readonly scenario: readonly string[];
    readonly journal: JournalOptions;
    readonly pulseMs: number | undefined;
    readonly judge: Judge | undefined;
    readonly pricePerMinute: Prices;
    readonly waitMs: () => number;
  };

/** Whether there is a control API: on an address that other machines can reach, only with a token. */
export function hasControl({ host, controlToken }: Pick<ReadOptions, 'host' | 'controlToken'>): boolean {
  return isLoopback(host) || controlToken !== undefined;
}

/**
 * Fills in the defaults.
 *
 * @throws UserError that names everything that is wrong: unknown options, values of another kind, numbers out of their range.
 */
export function readOptions(given: MockServerOptions): ReadOptions {
  if (kindOf(given) !== 'an object')
    throw new UserError(`expected an object of options, got ${kindOf(given)}`, {
      command: 'startMockServer()',
    });
  const wrong: Mistake[] = [];
  const whole = (name: string, value: number | undefined, low: number, high: number, fallback: number) => {
    if (value === undefined) return fallback;
    if (!Number.isInteger(value) || value < low || value > high) {
      const what = `expected a whole number from ${low} to ${high}, got ${numberShown(value)}`;
      wrong.push({ option: name, what });
    }
    return value;
  };
  const texts = (option: string, value: readonly string[] | undefined): readonly string[] => {
    if (value === undefined) return [];
    if (!isTexts(value)) wrong.push({ option, what: `expected a list of texts, got ${kindOf(value)}` });
    return value;
  };
  const oneOf = (option: string, value: unknown, choices: readonly (string | boolean)[]) => {
    if (value === undefined || choices.some((choice) => choice === value)) return;
    const got = typeof value === 'string' ? `"${value.slice(0, LONGEST_SHOWN)}"` : kindOf(value);
    wrong.push({ option, what: `expected ${listed(choices.map(String))}, got ${got}` });
  };
  const kind = (option: string, value: unknown, expected: 'string' | 'function') => {
    if (value === undefined || typeof value === expected) return;
    const what = expected === 'string' ? 'a text' : 'a function';
    wrong.push({ option, what: `expected ${what}, got ${kindOf(value)}` });
  };
  const speed = given.speed ?? 1;
  if (!isBetween(speed, 0.01, 1000))
    wrong.push({ option: 'speed', what: `expected a number from 0.01 to 1000, got ${numberShown(speed)}` });
  const startMs = given.service?.startMs ?? 2000;
  if (!isBetween(startMs, 0, DAY_MS)) {
    wrong.push({
      option: 'service.startMs',
      what: `expected 0 to ${DAY_MS} ms, got ${numberShown(startMs)}`,
    });
  }
  const options: ReadOptions = {
    port: whole('port', given.port, 0, 65_535, 0),
    host: given.host ?? '127.0.0.1',
    keys: texts('keys', given.keys),
    service: {
      status: given.service?.status ?? 'ready',
      onInitialize: given.service?.onInitialize ?? 'starts',
      startMs,
    },
    editions: editionsOf(given.editions, wrong),
    scenario: texts('scenario', scenariosOf(given.scenario)),
    scenarios: texts('scenarios', given.scenarios),
    recordings: texts('recordings', given.recordings),
    replay: given.replay ?? 'timed',
    watch: given.watch ?? false,
    seed: whole('seed', given.seed, 0, Number.MAX_SAFE_INTEGER, 1),
    speed,
    clock: given.clock ?? 'real',
    ...(given.tls === undefined ? {} : { tls: given.tls }),
    allowUrls: texts('allowUrls', given.allowUrls),
    speakers: whole('speakers', given.speakers, 0, 100, 0),
    pricePerMinute: pricesOf(given.pricePerMinute, wrong),
    maxFrameBytes: whole('maxFrameBytes', given.maxFrameBytes, 1, GIBIBYTE, MEBIBYTE),
    maxBodyBytes: whole('maxBodyBytes', given.maxBodyBytes, 1, 16 * GIBIBYTE, LONGEST_RECORDING_BYTES),
    maxBufferedBytes: whole('maxBufferedBytes', given.maxBufferedBytes, 1, GIBIBYTE, 4 * MEBIBYTE),
    maxSessions: whole('maxSessions', given.maxSessions, 1, 1_000_000, 10_000),
    headersTimeoutMs: whole('headersTimeoutMs', given.headersTimeoutMs, 1, DAY_MS, 15_000),
    pulseMs: given.pulseMs === undefined ? undefined : whole('pulseMs', given.pulseMs, 50, DAY_MS, 0),
    pingMs: whole('pingMs', given.pingMs, 1, DAY_MS, 20_000),
    drainMs: whole('drainMs', given.drainMs, 0, DAY_MS, 0),
    journal: {
      sessions: whole('journal.sessions', given.journal?.sessions, 0, 1_000_000, 1000),
      bytes: whole('journal.bytes', given.journal?.bytes, 64 * KIBIBYTE, 16 * GIBIBYTE, 16 * MEBIBYTE),
      audio: given.journal?.audio ?? false,
    },
    ...(given.controlToken === undefined ? {} : { controlToken: given.controlToken }),
    page: given.page ?? true,
    judge: given.judge,
    allowSave: given.allowSave ?? false,
    redaction: given.redaction ?? {},
    waitMs:
      typeof given.waitMs === 'function'
        ? given.waitMs
        : always(whole('waitMs', given.waitMs, 0, DAY_MS, 5000)),
    onEvent: given.onEvent ?? (() => undefined),
  };
  const { service, journal, redaction, tls } = given;
  wrong.push(
    ...unknownNames(given, [...Object.keys(options), 'tls', 'controlToken']),
    ...unknownNames(service, Object.keys(options.service), 'service'),
    ...unknownNames(journal, Object.keys(options.journal), 'journal'),
    ...unknownNames(redaction, ['names', 'standIns'], 'redaction'),
    ...(tls === true ? [] : unknownNames(tls, ['cert', 'key'], 'tls')),
  );
  texts('redaction.names', redaction?.names);
  for (const option of ['page', 'allowSave'] as const) oneOf(option, given[option], [true, false]);
  oneOf('journal.audio', journal?.audio, [true, false]);
  oneOf('watch', given.watch, [true, false, 'close']);
  oneOf('clock', given.clock, ['real', 'manual']);
  oneOf('replay', given.replay, REPLAY_MODES);
  oneOf('service.status', service?.status, SERVICE_STATUSES);
  oneOf('service.onInitialize', service?.onInitialize, INITIALIZE_OUTCOMES);
  kind('host', given.host, 'string');
  for (const option of ['onEvent', 'judge'] as const) kind(option, given[option], 'function');
  if (given.controlToken !== undefined && !/^[\x21-\x7e]{8,1024}$/.test(given.controlToken)) {
    wrong.push({
      option: 'controlToken',
      what: 'expected 8 to 1024 visible ASCII characters, got something else',
    });
  }
  if (options.allowSave && options.scenarios.length === 0)
    wrong.push({ option: 'allowSave', what: 'expected a folder in scenarios to save to, got none' });
  if (options.host === '')
    wrong.push({ option: 'host', what: 'expected an address such as 127.0.0.1, got nothing' });
  if (wrong.length > 0) throw new UserError(wrong);
  return options;
}

function always(ms: number): () => number {
  return () => ms;
}

/** The scenarios of an option that may be one, several or undefined. */
export function scenariosOf(given: MockServerOptions['scenario']): readonly string[] {
  return typeof given === 'string' ? [given] : (given ?? []);
}

/** Characters of a value in an error. */
const LONGEST_SHOWN = 100;
const HIGHEST_PRICE = 1_000_000;
const KIBIBYTE = 2 ** 10;
const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;
const DAY_MS = 86_400_000;

/** Our choice: the limit of the service is not public. */
const LONGEST_RECORDING_BYTES = 100 * MEBIBYTE;

function pricesOf(given: MockServerOptions['pricePerMinute'], wrong: Mistake[]): Prices {
  if (given !== undefined && typeof given !== 'number' && !isFields(given)) {
    const what = `expected a number, or an object with ${listed(VENDORS)}, got ${kindOf(given)}`;
    wrong.push({ option: 'pricePerMinute', what });
    return {};
  }
  const prices =
    typeof given === 'number' ? Object.fromEntries(VENDORS.map((vendor) => [vendor, given])) : (given ?? {});
  for (const [service, price] of Object.entries(prices)) {
    const isKnown = VENDORS.some((vendor) => vendor === service);
    if (!isKnown || !isBetween(price, 0, HIGHEST_PRICE)) {
      const expected = `${VENDORS.join(' or ')} with 0 to ${HIGHEST_PRICE}`;
      wrong.push({ option: 'pricePerMinute', what: `expected ${expected}, got ${service} with ${price}` });
    }
  }
  return prices;
}

function editionsOf(given: MockServerOptions['editions'], wrong: Mistake[]): EditionNames {
  try {
    return editionsGiven(given);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    wrong.push(...error.mistakes);
    return DEFAULT_EDITIONS;
  }
}
