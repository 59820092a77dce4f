import { listed } from '../../../runtime/text/listed.ts';
import { pcmEar, sniffingEar, type Ear } from '../../../audio/ear.ts';
import { SAMPLE_RATES, type AudioFormat } from '../../../audio/format.ts';
import type { HttpAnswer, UpgradeRequest } from '../dialect.ts';
import { quote } from '../json.ts';
import { opensRealtime, type Keys } from '../keys.ts';
import { RESON8_FORM } from './form.ts';
import { isToken } from './tokens.ts';

/** How a client of any Reson8 socket authenticates. */
export interface Credential {
  readonly key?: string;
  /** Whether it was presented as an API key; an access token must not be. */
  readonly isApiKey?: true;
  /** The subprotocol to select. */
  readonly subprotocol?: string;
}

/** `Authorization: ApiKey …` or `Bearer …`, or the subprotocols `bearer, <token>` for browsers (S4:11-17). */
export function credentialOf(headers: UpgradeRequest['headers']): Credential {
  const [name, token] = (headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim());
  // A browser fails when the server selects none of the subprotocols that it offered.
  const subprotocol = name === 'bearer' ? { subprotocol: name } : {};
  const [, scheme, header] = /^(ApiKey|Bearer) +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const key = header ?? (name === 'bearer' ? token : undefined);
  return {
    ...subprotocol,
    ...(key === undefined ? {} : { key }),
    ...(scheme?.toLowerCase() === 'apikey' ? { isApiKey: true } : {}),
  };
}

/** The refusal of a client that may not open a socket. */
export function socketRefusalOf({ key, isApiKey }: Credential, keys: Keys): HttpAnswer | undefined {
  if (isApiKey && key !== undefined && isToken(key)) {
    return RESON8_FORM.problem(401, 'An access token is presented as Bearer, not as ApiKey');
  }
  const verdict = keys(key);
  if (verdict === 'missing') return RESON8_FORM.problem(401, 'Missing credentials');
  return opensRealtime(verdict) ? undefined : RESON8_FORM.problem(401, 'Invalid or expired credentials');
}

/** The meaning of a parameter's text; undefined for an invalid one. */
export type Parse<T> = (text: string) => T | undefined;

/** Reads a parameter. */
export type Read = <T>(name: string, fallback: T, parse: Parse<T>, expected: string) => T;

/** Reads the parameters of one query. */
export interface Reader {
  readonly read: Read;
  readonly flag: (name: string) => boolean;
  /** What is wrong with the parameters that were read so far. */
  readonly wrong: readonly string[];
}

/** Reads the parameters of a query and collects in `wrong` what is wrong with them. */
export function readerOf(query: URLSearchParams): Reader {
  const wrong: string[] = [];
  const read: Read = (name, fallback, parse, expected) => {
    const texts = query.getAll(name);
    const [text] = texts;
    if (text === undefined) return fallback;
    const value = texts.length === 1 ? parse(text) : undefined;
    if (value === undefined) {
      wrong.push(`${name}: expected ${expected}, got ${texts.map(quote).join(' and ')}`);
    }
    return value ?? fallback;
  };
  return { read, flag: (name) => read(name, false, truth, 'true or false'), wrong };
}

/** How bytes without a header are interpreted. */
export function rawFormat(read: Read, mostChannels?: number): Omit<AudioFormat, 'encoding'> {
  const { lowest, highest } = SAMPLE_RATES;
  return {
    sampleRate: read(
      'sample_rate',
      16_000,
      numberIn(lowest, highest),
      `a number from ${lowest} to ${highest}`,
    ),
    channels: read(
      'channels',
      1,
      wholeFrom(1, mostChannels),
      `a whole number from 1${mostChannels === undefined ? '' : ` to ${mostChannels}`}`,
    ),
  };
}

/**
 * Encodings by the names that Reson8 gives them: the documented ones, and those of a stream on the vendor's newer
 * pages.
 */
export const DOCUMENTED_ENCODINGS = ['auto', 'pcm_s16le'] as const;
/** The encodings of a stream on the vendor's newer pages. */
export const STREAM_ENCODINGS = [...DOCUMENTED_ENCODINGS, 'mulaw', 'alaw'] as const;
type StreamEncoding = (typeof STREAM_ENCODINGS)[number];

/** Reads the parameters that say how to interpret the audio: `encoding`, `sample_rate` and `channels`. */
export function earIn({ read }: Reader, encodings: readonly StreamEncoding[], mostChannels?: number): Ear {
  return earOf(read('encoding', 'auto', oneOf(encodings), listed(encodings)), rawFormat(read, mostChannels));
}

/** The ear for an encoding. */
export function earOf(encoding: StreamEncoding, raw: Omit<AudioFormat, 'encoding'>): Ear {
  switch (encoding) {
    case 'auto':
      return sniffingEar({ encoding: 's16le', ...raw });
    case 'pcm_s16le':
      return pcmEar({ encoding: 's16le', ...raw });
    case 'mulaw':
    case 'alaw':
      return pcmEar({ encoding, ...raw });
  }
}

function truth(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** A parser that accepts only these texts. */
export function oneOf<const T extends string>(values: readonly T[]): Parse<T> {
  return (text) => values.find((value) => value === text);
}

/** A parser of decimal numbers within a range. */
export function numberIn(low: number, high: number): Parse<number> {
  return (text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high ? value : undefined;
  };
}

/** A parser of whole numbers within a range. */
export function wholeFrom(low: number, high = Number.MAX_SAFE_INTEGER): Parse<number> {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high ? value : undefined;
  };
}
