import { isUtf8 } from 'node:buffer';
import { DEEPEST_JSON, isDeeperThan, parseJson, TOO_DEEP } from '../../runtime/json-depth.ts';
import { epochMsOf, isoOf } from '../../runtime/wall-time.ts';
import { UserError } from '../../runtime/errors.ts';
import { decodeContent } from '../../runtime/content-coding.ts';
import { jsonFaultOf } from '../json-place.ts';
import { endingOf, messagesOf, readable, type Timed } from './socket.ts';
import { HarValue } from './value.ts';
import { joinedHeaders } from '../header-fields.ts';
import { redactAll } from '../redact/redact.ts';
import { MOST_EVENTS, type TraceFile } from '../trace-file.ts';
import type { TraceEvent, TraceFact } from '../trace.ts';

export interface HarReadOptions {
  /** What errors call it: the path of the file. */
  readonly name?: string;
  /** Who reads: the `tool` of the trace. */
  readonly tool: string;
  /** Keep the bytes of binary messages; otherwise their length and hash. */
  readonly audio?: boolean;
  /** Names of headers, parameters and fields that are secrets, besides those that are known. */
  readonly redact?: readonly string[];
}

const MOST_ENTRIES = 100_000;
const MOST_HEADERS = 1000;
/** Longer bodies are left out. */
const LONGEST_BODY = 2 ** 20;

/** What a page needs besides its calls of an API, in Chrome's words. */
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
 * Reads a HAR file as a trace, redacted: WebSocket connections with the messages that Chrome (and others who write
 * `_webSocketMessages`) keeps, and calls of an API. Firefox exports of a WebSocket only how it was opened. An entry or
 * a message that cannot be read is left out, and named in `faults`.
 *
 * @throws UserError for what is no HAR, and for a file of which nothing can be read, with the place in the file
 */
export function harToTrace(
  text: string,
  { name = 'HAR', tool, audio = false, redact = [] }: HarReadOptions,
): TraceFile {
  const log = new HarValue(parsed(text, name), name).field('log');
  const entries = log.field('entries').list(MOST_ENTRIES);
  const faults: string[] = [];
  const kept = entries.filter((entry) => isKept(entry));
  if (kept.length < entries.length) {
    faults.push(`${name}: ${entries.length - kept.length} entries that are no calls of an API were left out`);
  }
  const unread: string[] = [];
  let first: UserError | undefined;
  const sessions = readable(
    kept,
    (entry) => {
      try {
        return factsOf(entry, audio, unread);
      } catch (error) {
        if (error instanceof UserError) first ??= error;
        throw error;
      }
    },
    unread,
  );
  if (sessions.length === 0 && first !== undefined) throw first;
  faults.push(...atMost(unread, name));
  if (sessions.reduce((sum, facts) => sum + facts.length, 0) > MOST_EVENTS) {
    throw new UserError(`it has more than ${MOST_EVENTS} messages; export fewer connections`, { file: name });
  }

  const startedMs = sessions.reduce((least, [first]) => Math.min(least, first?.epochMs ?? least), Infinity);
  const originMs = Number.isFinite(startedMs) ? startedMs : 0;
  const events = sessions.flatMap((facts, index) =>
    facts.map(({ epochMs, fact }): TraceEvent => {
      const atMs = Math.max(0, Math.round((epochMs - originMs) * 10) / 10);
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

/** Entries and messages that were left out are named up to this number. */
const MOST_NAMED = 20;

function atMost(faults: readonly string[], name: string): readonly string[] {
  const rest = faults.length - MOST_NAMED;
  return rest > 0 ? [...faults.slice(0, MOST_NAMED), `${name}: and ${rest} more`] : faults;
}

function parsed(text: string, name: string): unknown {
  try {
    return parseJson(text);
  } catch {
    if (isDeeperThan(text, DEEPEST_JSON)) throw new UserError(TOO_DEEP, { file: name });
    const { offset, expected } = jsonFaultOf(text);
    const lines = text.slice(0, offset).split('\n');
    throw new UserError(
      `not JSON: expected ${expected}; a HAR file is what the network panel of a browser exports`,
      { file: name, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 },
    );
  }
}

function isKept(entry: HarValue): boolean {
  return !NOT_AN_API.has(entry.optional('_resourceType')?.maybeText() ?? '');
}

/** An entry, in the order in which it happened. @throws UserError for one that cannot be read */
function factsOf(entry: HarValue, audio: boolean, faults: string[]): readonly Timed[] {
  const started = entry.field('startedDateTime');
  const startedMs = epochMsOf(started.text());
  if (startedMs === undefined) throw started.wrong('a time such as 2025-01-31T12:00:00.000+01:00');
  const request = entry.field('request');
  const url = request.field('url').text();
  const response = entry.field('response');
  const status = response.optional('status')?.maybeNumber() ?? 0;
  const list = messagesOf(entry, audio, faults);
  const messages = list ?? [];
  const opening = openingOf(entry, request, messages);
  const asked = requestOf(request, url, faults);
  const facts: Timed[] = [{ epochMs: startedMs, fact: opening === 'HTTP/2' ? upgraded(asked) : asked }];
  const waitedMs = startedMs + answeredAfterMs(entry);
  const firstMs = Math.min(...messages.slice(0, 1).map(({ epochMs }) => epochMs), Infinity);

  // Over HTTP/2 a WebSocket is opened with 200, and some programs do not write down what was answered.
  if (opening !== undefined) {
    const answer = responseOf(response, 101, faults);
    const epochMs = Math.max(startedMs, Math.min(waitedMs, firstMs));
    facts.push({ epochMs, fact: opening === 'HTTP/2' ? upgraded(answer) : answer });
    if (status !== 101) {
      const why = status > 0 ? `the file has the status ${status}` : 'the file has no status';
      facts.push({ epochMs, fact: { kind: 'note', message: `The connection was open: ${why}.` } });
    }
  } else if (status >= 100 && status <= 999) {
    const epochMs = Math.max(startedMs, Math.min(waitedMs, firstMs));
    facts.push({ epochMs, fact: responseOf(response, status, faults) });
  } else facts.push({ epochMs: startedMs, fact: { kind: 'end', how: 'fin', code: 1006 } });

  const isSocket =
    list !== undefined || /^wss?:/i.test(url) || entry.optional('_resourceType')?.maybeText() === 'websocket';
  if (!isSocket) return facts;
  if (opening === undefined && status >= 200) {
    facts.push({ epochMs: startedMs, fact: { kind: 'end', by: 'server', how: 'refused', code: 1006 } });
  } else if (list === undefined && status >= 100) {
    faults.push(`${entry.where}: the connection has no messages; Firefox does not export them, Chrome does`);
  }
  facts.push(...messages);
  const lastMs = facts.at(-1)?.epochMs ?? startedMs;
  return [...facts, ...endingOf(entry, messages, lastMs)];
}

/** How a WebSocket was opened; undefined for what was none, or was refused. A message in either direction proves it. */
function openingOf(
  entry: HarValue,
  request: HarValue,
  messages: readonly Timed[],
): 'HTTP/1.1' | 'HTTP/2' | undefined {
  const response = entry.field('response');
  const status = response.optional('status')?.maybeNumber() ?? 0;
  const isExtended = request.field('method').text().toUpperCase() === 'CONNECT';
  const isOverHttp2 =
    isExtended || /^h(?:ttp\/)?[23]/i.test(response.optional('httpVersion')?.maybeText() ?? '');
  const isOpen =
    messages.some(({ fact }) => fact.kind !== 'fault') ||
    status === 101 ||
    (isExtended && status >= 200 && status < 300);
  if (!isOpen) return undefined;
  return isOverHttp2 && status !== 101 ? 'HTTP/2' : 'HTTP/1.1';
}

/** The head as HTTP/1.1 has it, which is what traces, replays and judges speak of. */
function upgraded<Fact extends TraceFact>(fact: Fact): Fact {
  if (fact.kind !== 'request' && fact.kind !== 'response') return fact;
  const headers = { upgrade: 'websocket', connection: 'Upgrade', ...fact.headers };
  return { ...fact, headers, ...(fact.kind === 'request' && { method: 'GET' }) };
}

function answeredAfterMs(entry: HarValue): number {
  const timings = entry.optional('timings');
  const parts = ['blocked', 'dns', 'connect', 'send', 'wait'].map(
    (part) => timings?.optional(part)?.maybeNumber() ?? 0,
  );
  return parts.reduce((sum, partMs) => sum + Math.max(0, Number.isFinite(partMs) ? partMs : 0), 0);
}

function requestOf(request: HarValue, url: string, faults: string[]): TraceFact {
  const [, authority = '', target = ''] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  if (authority === '') throw request.field('url').wrong('an absolute URL');
  const body = request.optional('postData')?.optional('text')?.maybeText();
  return {
    kind: 'request',
    method: request.field('method').text(),
    target: target.startsWith('/') ? target : `/${target}`,
    headers: {
      host: authority.slice(authority.lastIndexOf('@') + 1),
      ...headersOf(request.optional('headers'), faults),
    },
    ...(body !== undefined && body !== '' && body.length <= LONGEST_BODY && { body }),
  };
}

function responseOf(response: HarValue, status: number, faults: string[]): TraceFact {
  const content = response.optional('content');
  const text = content?.optional('text')?.maybeText() ?? '';
  const isBase64 = content?.optional('encoding')?.maybeText() === 'base64';
  const headers = headersOf(response.optional('headers'), faults);
  const body = isBase64 ? textOf(Buffer.from(text, 'base64'), headers['content-encoding']) : text;
  return {
    kind: 'response',
    status,
    headers,
    // What is no text is nothing that a trace could hold.
    ...(body !== '' && body.length <= LONGEST_BODY && !body.includes('\ufffd') && { body }),
  };
}

/** Browsers write down what they have decoded; some proxies what came, which is no text then. */
function textOf(bytes: Buffer, contentEncoding: string | undefined): string {
  if (isUtf8(bytes)) return bytes.toString();
  const decoded = decodeContent(bytes, contentEncoding, LONGEST_BODY);
  return decoded.kind === 'decoded' ? Buffer.from(decoded.bytes).toString() : '';
}

function headersOf(list: HarValue | undefined, faults: string[]): Record<string, string> {
  const fields = readable(
    list?.list(MOST_HEADERS) ?? [],
    (header) => [header.field('name').text(), header.field('value').text()] as const,
    faults,
  );
  // The pseudo-headers of HTTP/2 say what method and URL say.
  return joinedHeaders(fields.filter(([name]) => !name.startsWith(':')));
}
