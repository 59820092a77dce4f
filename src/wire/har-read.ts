import { epochMsOf, isoOf } from '../runtime/wall-time.ts';
import { UserError } from '../runtime/errors.ts';
import { binaryFact } from './binary-fact.ts';
import { jsonFaultOf } from './json-place.ts';
import { HarValue } from './har-value.ts';
import { joinedHeaders } from './header-fields.ts';
import { newRedactor } from './redact.ts';
import { MOST_EVENTS, type TraceFile } from './trace-file.ts';
import type { Peer, TraceEvent, TraceFact } from './trace.ts';

export interface HarReadOptions {
  /** What errors call it: the path of the file. */
  readonly name?: string;
  /** Who reads: the `tool` of the trace. */
  readonly tool: string;
  /** Keep the bytes of binary messages; otherwise their length and hash. */
  readonly audio?: boolean;
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

interface Timed {
  readonly epochMs: number;
  readonly fact: TraceFact;
}

/**
 * Reads a HAR file as a trace, redacted: WebSocket connections with the messages that Chrome (and others who write
 * `_webSocketMessages`) keeps, and calls of an API. Firefox exports of a WebSocket only how it was opened.
 *
 * @throws UserError for what is no HAR, with the place in the file
 */
export function harToTrace(text: string, { name = 'HAR', tool, audio = false }: HarReadOptions): TraceFile {
  const log = new HarValue(parsed(text, name), name).field('log');
  const entries = log.field('entries').list(MOST_ENTRIES);
  const faults: string[] = [];
  const kept = entries.filter((entry) => isKept(entry));
  if (kept.length < entries.length) {
    faults.push(`${name}: ${entries.length - kept.length} entries that are no calls of an API were left out`);
  }
  const sessions = kept.map((entry) => factsOf(entry, audio, faults));
  if (sessions.reduce((sum, facts) => sum + facts.length, 0) > MOST_EVENTS) {
    throw new UserError(`${name}: it has more than ${MOST_EVENTS} messages; export fewer connections`);
  }

  const redactor = newRedactor();
  const startedMs = sessions.reduce((least, [first]) => Math.min(least, first?.epochMs ?? least), Infinity);
  const originMs = Number.isFinite(startedMs) ? startedMs : 0;
  // What the last entry teaches may stand in the first.
  for (const { fact } of sessions.flat()) redactor.fact(fact);
  const events = sessions.flatMap((facts, index) =>
    facts.map(({ epochMs, fact }): TraceEvent => {
      const atMs = Math.max(0, Math.round((epochMs - originMs) * 10) / 10);
      return { session: `s${index + 1}`, atMs, ...redactor.fact(fact) };
    }),
  );
  return {
    header: { kind: 'trace', version: 1, tool, startedAt: isoOf(originMs) },
    events: events.sort((a, b) => a.atMs - b.atMs),
    faults: faults.map((fault) => redactor.text(fault)),
  };
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { offset, expected } = jsonFaultOf(text);
    const lines = text.slice(0, offset).split('\n');
    throw new UserError(
      `${name}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}: not JSON: expected ${expected}; a HAR file is what the network panel of a browser exports`,
    );
  }
}

function isKept(entry: HarValue): boolean {
  return !NOT_AN_API.has(entry.optional('_resourceType')?.maybeText() ?? '');
}

/** An entry, in the order in which it happened. */
function factsOf(entry: HarValue, audio: boolean, faults: string[]): readonly Timed[] {
  const started = entry.field('startedDateTime');
  const startedMs = epochMsOf(started.text());
  if (startedMs === undefined) throw started.wrong('a time such as 2025-01-31T12:00:00.000+01:00');
  const request = entry.field('request');
  const url = request.field('url').text();
  const facts: Timed[] = [{ epochMs: startedMs, fact: requestOf(request, url) }];

  const response = entry.field('response');
  const status = response.field('status').number();
  const messages = entry.optional('_webSocketMessages')?.list(MOST_EVENTS);
  const isSocket =
    messages !== undefined ||
    /^wss?:/i.test(url) ||
    entry.optional('_resourceType')?.maybeText() === 'websocket';
  const times = (messages ?? []).map((message) => timeOf(message.field('time')));
  // A status of 0: nothing was answered.
  if (status >= 100 && status <= 999) {
    const waitedMs = answeredAfterMs(entry);
    const epochMs = isSocket ? Math.min(startedMs + waitedMs, ...times.slice(0, 1)) : startedMs + waitedMs;
    facts.push({ epochMs: Math.max(startedMs, epochMs), fact: responseOf(response, status) });
  } else facts.push({ epochMs: startedMs, fact: { kind: 'end', how: 'fin', code: 1006 } });
  if (!isSocket) return facts;

  if (status !== 101 && status >= 200) {
    facts.push({ epochMs: startedMs, fact: { kind: 'end', by: 'server', how: 'refused', code: 1006 } });
  } else if (messages === undefined) {
    faults.push(`${entry.where}: the connection has no messages; Firefox does not export them, Chrome does`);
  }
  for (const [index, message] of (messages ?? []).entries()) {
    facts.push({ epochMs: times[index] ?? startedMs, fact: messageOf(message, audio) });
  }
  const close = facts.find(({ fact }) => fact.kind === 'close');
  const end = entry.optional('_end');
  if (end !== undefined) facts.push({ epochMs: timeOf(end.field('time')), fact: endOf(end) });
  else if (close?.fact.kind === 'close') {
    const { from, code } = close.fact;
    facts.push({
      epochMs: facts.at(-1)?.epochMs ?? startedMs,
      fact: { kind: 'end', by: from, how: 'close', code },
    });
  }
  return facts;
}

/** Seconds since 1970, as Chrome writes them; or milliseconds, as others do. */
function timeOf(value: HarValue): number {
  const time = value.number();
  const epochMs = time > 1e11 ? time : time * 1000;
  if (!(epochMs >= 0 && epochMs < 1e14)) throw value.wrong('seconds since 1970');
  return epochMs;
}

function answeredAfterMs(entry: HarValue): number {
  const timings = entry.optional('timings');
  const parts = ['blocked', 'dns', 'connect', 'send', 'wait'].map(
    (part) => timings?.optional(part)?.maybeNumber() ?? 0,
  );
  return parts.reduce((sum, partMs) => sum + Math.max(0, Number.isFinite(partMs) ? partMs : 0), 0);
}

function requestOf(request: HarValue, url: string): TraceFact {
  const [, authority = '', target = ''] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  if (authority === '') throw request.field('url').wrong('an absolute URL');
  const body = request.optional('postData')?.optional('text')?.maybeText();
  return {
    kind: 'request',
    method: request.field('method').text(),
    target: target.startsWith('/') ? target : `/${target}`,
    headers: {
      host: authority.slice(authority.lastIndexOf('@') + 1),
      ...headersOf(request.optional('headers')),
    },
    ...(body !== undefined && body !== '' && body.length <= LONGEST_BODY && { body }),
  };
}

function responseOf(response: HarValue, status: number): TraceFact {
  const content = response.optional('content');
  const text = content?.optional('text')?.maybeText() ?? '';
  const isBase64 = content?.optional('encoding')?.maybeText() === 'base64';
  const body = isBase64 ? Buffer.from(text, 'base64').toString() : text;
  return {
    kind: 'response',
    status,
    headers: headersOf(response.optional('headers')),
    // What is no text is nothing that a trace could hold.
    ...(body !== '' && body.length <= LONGEST_BODY && !body.includes('\ufffd') && { body }),
  };
}

function headersOf(list: HarValue | undefined): Record<string, string> {
  const fields = (list?.list(MOST_HEADERS) ?? []).map(
    (header) => [header.field('name').text(), header.field('value').text()] as const,
  );
  // The pseudo-headers of HTTP/2 say what method and URL say.
  return joinedHeaders(fields.filter(([name]) => !name.startsWith(':')));
}

function messageOf(message: HarValue, audio: boolean): TraceFact {
  const type = message.field('type').text();
  const opcode = message.optional('opcode')?.maybeNumber() ?? 1;
  const data = message.field('data').text();
  if (type === 'error') return { kind: 'fault', from: 'server', message: data };
  if (type !== 'send' && type !== 'receive') throw message.field('type').wrong('"send" or "receive"');
  const from: Peer = type === 'send' ? 'client' : 'server';
  switch (opcode) {
    case 1:
      return { kind: 'text', from, text: data };
    case 2: {
      const sha256 = message.optional('_sha256')?.maybeText();
      const byteCount = message.optional('_byteCount')?.maybeNumber();
      // Ours, of which only the length and the hash were kept.
      if (
        data === '' &&
        sha256 !== undefined &&
        /^[\da-f]{16}$/.test(sha256) &&
        Number.isSafeInteger(byteCount)
      ) {
        return { kind: 'binary', from, byteCount: Math.max(0, byteCount ?? 0), sha256 };
      }
      return binaryFact(from, Buffer.from(data, 'base64'), audio);
    }
    case 8:
      return { kind: 'close', from, code: codeOf(message.optional('code')), reason: data };
    case 9:
    case 10:
      return {
        kind: opcode === 9 ? 'ping' : 'pong',
        from,
        base64: Buffer.from(data, 'base64').toString('base64'),
      };
    default:
      throw message.field('opcode').wrong('1 (text), 2 (binary), 8 (close), 9 (ping) or 10 (pong)');
  }
}

function endOf(end: HarValue): TraceFact {
  const how = (['close', 'fin', 'reset', 'silence', 'refused'] as const).find(
    (word) => word === end.field('how').text(),
  );
  if (how === undefined) throw end.field('how').wrong('how a connection ends');
  const by = (['client', 'server'] as const).find((word) => word === end.optional('by')?.maybeText());
  return { kind: 'end', ...(by !== undefined && { by }), how, code: codeOf(end.optional('code')) };
}

function codeOf(value: HarValue | undefined): number {
  const code = value?.maybeNumber() ?? 1005;
  return Number.isInteger(code) && code >= 0 && code <= 65_535 ? code : 1005;
}
