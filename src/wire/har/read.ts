import { isUtf8 } from 'node:buffer';
import { inTenths } from '../../runtime/clock.ts';
import { isoOf } from '../../runtime/wall-time.ts';
import { UserError } from '../../runtime/errors.ts';
import { bytesOfBase64 } from '../../runtime/text/base64.ts';
import { decodeContent } from '../../runtime/content-coding.ts';
import { jsonIn } from '../json-place.ts';
import { below, check, checkEach, leftOut, placeName, type Place } from './place.ts';
import { entry, har, header, resource, type HarEntry } from './schema.ts';
import { endingOf, messagesOf, type Timed } from './socket.ts';
import { joinedHeaders } from '../header-fields.ts';
import { redactAll } from '../redact/redact.ts';
import { MOST_EVENTS, type TraceFile } from '../trace-file.ts';
import type { TraceEvent, TraceFact } from '../trace.ts';

/** How to read a HAR file. */
export interface HarReadOptions {
  /** Its name in errors: the path of the file. */
  readonly name?: string;
  /** The program that reads: the `tool` of the trace. */
  readonly tool: string;
  /** Keep the bytes of binary messages; otherwise only their length and hash are kept. */
  readonly audio?: boolean;
  /** Names of headers, parameters and fields that are secrets, in addition to the known ones. */
  readonly redact?: readonly string[];
}

/** Longer bodies are omitted. */
const LONGEST_BODY = 2 ** 20;

/** The resources of a page other than its calls of an API, in Chrome's words. */
const NOT_AN_API = new Set([
  'document',
  'stylesheet',
  'image',
  'media',
  'font',
  'script',
  'texttrack',
  'manifest',
]);

/**
 * Reads a HAR file as a trace, redacted: WebSocket connections with the messages that Chrome (and other programs that
 * write `_webSocketMessages`) keeps, and calls of an API. Firefox exports only the opening of a WebSocket. An entry or
 * a message that cannot be read is omitted, and named in `faults`.
 *
 * @throws UserError for a file that is not a HAR or of which nothing can be read, with the place in the file
 */
export function harToTrace(
  text: string,
  { name = 'HAR', tool, audio = false, redact = [] }: HarReadOptions,
): TraceFile {
  const { log } = check(
    har,
    jsonIn(text, name, 'a HAR file is what the network panel of a browser exports'),
    { file: name, path: [] },
  );
  const faults: string[] = [];
  const kept = log.entries.map((value, index) => ({ value, index })).filter(({ value }) => isKept(value));
  if (kept.length < log.entries.length) {
    faults.push(`${name}: ${log.entries.length - kept.length} entries that are not API calls were left out`);
  }
  const unread: string[] = [];
  let first: UserError | undefined;
  const sessions = kept.flatMap(({ value, index }) => {
    const place: Place = { file: name, path: ['log', 'entries', index] };
    try {
      return [factsOf(check(entry, value, place), place, audio, unread)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unread.push(leftOut(error));
      first ??= error;
      return [];
    }
  });
  if (sessions.length === 0 && first !== undefined) throw first;
  faults.push(...atMost(unread, name));
  if (sessions.reduce((sum, facts) => sum + facts.length, 0) > MOST_EVENTS) {
    throw new UserError(`it has more than ${MOST_EVENTS} messages; export fewer connections`, { file: name });
  }

  const startedMs = sessions.reduce((least, [first]) => Math.min(least, first?.epochMs ?? least), Infinity);
  const originMs = Number.isFinite(startedMs) ? startedMs : 0;
  const events = sessions.flatMap((facts, index) =>
    facts.map(({ epochMs, fact }): TraceEvent => {
      const atMs = Math.max(0, inTenths(epochMs - originMs));
      return { session: `s${index + 1}`, atMs, ...fact };
    }),
  );
  const redacted = redactAll(events, { names: redact });
  return {
    header: { kind: 'trace', version: 1, tool, startedAt: isoOf(originMs) },
    events: redacted.facts.toSorted((a, b) => a.atMs - b.atMs),
    faults: faults.map((fault) => redacted.redactor.text(fault)),
  };
}

/** The maximum number of omitted entries and messages that are named. */
const MOST_NAMED = 20;

function atMost(faults: readonly string[], name: string): readonly string[] {
  const rest = faults.length - MOST_NAMED;
  return rest > 0 ? [...faults.slice(0, MOST_NAMED), `${name}: and ${rest} more`] : faults;
}

/** Unreadable entries are kept so that they are named. */
function isKept(value: unknown): boolean {
  return !NOT_AN_API.has(resource.safeParse(value).data?._resourceType ?? '');
}

/** An entry, in the order in which it happened. Its unreadable parts are omitted and named in `faults`. */
function factsOf(entry: HarEntry, place: Place, audio: boolean, faults: string[]): readonly Timed[] {
  const { request, response, startedDateTime: startedMs } = entry;
  const { status } = response;
  const list = messagesOf(entry, place, audio, faults);
  const messages = list ?? [];
  const opening = openingOf(entry, messages);
  const asked = requestOf(request, below(place, 'request'), faults);
  const facts: Timed[] = [{ epochMs: startedMs, fact: opening === 'HTTP/2' ? upgraded(asked) : asked }];
  const waitedMs = startedMs + answeredAfterMs(entry);
  const firstMs = Math.min(...messages.slice(0, 1).map(({ epochMs }) => epochMs), Infinity);

  // Over HTTP/2 a WebSocket is opened with 200, and some programs do not record the answer.
  if (opening !== undefined) {
    const answer = responseOf(response, 101, below(place, 'response'), faults);
    const epochMs = Math.max(startedMs, Math.min(waitedMs, firstMs));
    facts.push({ epochMs, fact: opening === 'HTTP/2' ? upgraded(answer) : answer });
    if (status !== 101) {
      const why = status > 0 ? `the file has the status ${status}` : 'the file has no status';
      facts.push({ epochMs, fact: { kind: 'note', message: `The connection was open: ${why}.` } });
    }
  } else if (status >= 100 && status <= 999) {
    const epochMs = Math.max(startedMs, Math.min(waitedMs, firstMs));
    facts.push({ epochMs, fact: responseOf(response, status, below(place, 'response'), faults) });
  } else facts.push({ epochMs: startedMs, fact: { kind: 'end', how: 'fin', code: 1006 } });

  // Proxies record the URL of the upgrade, which has the scheme of HTTP.
  const isSocket =
    list !== undefined || request.url.isSocket || entry._resourceType === 'websocket' || status === 101;
  if (!isSocket) return facts;
  if (opening === undefined && status >= 200) {
    facts.push({ epochMs: startedMs, fact: { kind: 'end', by: 'server', how: 'refused', code: 1006 } });
  } else if (list === undefined && status >= 100) {
    faults.push(
      `${placeName(place)}: the connection has no messages; Chrome exports them, Firefox and Safari do not`,
    );
  }
  const lastMs = (messages.at(-1) ?? facts.at(-1))?.epochMs ?? startedMs;
  return [...facts, ...messages, ...endingOf(entry, place, messages, { lastMs, faults })];
}

/**
 * How a WebSocket was opened; undefined for a request that is not an upgrade, or was refused. A message in either
 * direction proves that it was opened.
 */
function openingOf(
  { request, response }: HarEntry,
  messages: readonly Timed[],
): 'HTTP/1.1' | 'HTTP/2' | undefined {
  const { status, httpVersion = '' } = response;
  const isExtended = request.method.toUpperCase() === 'CONNECT';
  const isOverHttp2 = isExtended || /^h(?:ttp\/)?[23]/i.test(httpVersion);
  const isOpen =
    messages.some(({ fact }) => fact.kind !== 'fault') ||
    status === 101 ||
    (isExtended && status >= 200 && status < 300);
  if (!isOpen) return undefined;
  return isOverHttp2 && status !== 101 ? 'HTTP/2' : 'HTTP/1.1';
}

/** The head in the form of HTTP/1.1, which traces, replays and judges use. */
function upgraded<Fact extends TraceFact>(fact: Fact): Fact {
  if (fact.kind !== 'request' && fact.kind !== 'response') return fact;
  const headers = { upgrade: 'websocket', connection: 'Upgrade', ...fact.headers };
  return { ...fact, headers, ...(fact.kind === 'request' && { method: 'GET' }) };
}

function answeredAfterMs({ timings }: HarEntry): number {
  const parts = Object.values(timings ?? {});
  return parts.reduce<number>((sum, partMs) => sum + Math.max(0, partMs ?? 0), 0);
}

function requestOf(request: HarEntry['request'], place: Place, faults: string[]): TraceFact {
  const { method, url, postData } = request;
  const body = postData?.text;
  return {
    kind: 'request',
    method,
    target: url.target,
    headers: { host: url.host, ...headersOf(request.headers, place, faults) },
    ...(body !== undefined && body !== '' && body.length <= LONGEST_BODY && { body }),
  };
}

function responseOf(
  response: HarEntry['response'],
  status: number,
  place: Place,
  faults: string[],
): TraceFact {
  const { text = '', encoding } = response.content ?? {};
  const headers = headersOf(response.headers, place, faults);
  const bytes = encoding === 'base64' ? bytesOfBase64(text) : undefined;
  if (encoding === 'base64' && bytes === undefined) {
    faults.push(`${placeName(below(place, 'content', 'text'))}: expected base64; it was left out`);
  }
  const body = encoding === 'base64' ? textOf(bytes ?? Buffer.alloc(0), headers['content-encoding']) : text;
  return {
    kind: 'response',
    status,
    headers,
    // A trace cannot hold a body that is not text.
    ...(body !== '' && body.length <= LONGEST_BODY && !body.includes('\ufffd') && { body }),
  };
}

/** Browsers record decoded bodies; some proxies the original ones, which are then not text. */
function textOf(bytes: Buffer, contentEncoding: string | undefined): string {
  if (isUtf8(bytes)) return bytes.toString();
  const decoded = decodeContent(bytes, contentEncoding, LONGEST_BODY);
  return decoded.kind === 'decoded' ? Buffer.from(decoded.bytes).toString() : '';
}

function headersOf(
  list: readonly unknown[] | null | undefined,
  place: Place,
  faults: string[],
): Record<string, string> {
  const fields = checkEach(header, list ?? [], below(place, 'headers'), faults);
  // The pseudo-headers of HTTP/2 repeat method and URL.
  return joinedHeaders(
    fields.filter(({ name }) => !name.startsWith(':')).map(({ name, value }) => [name, value] as const),
  );
}
