import { epochMsOf, isoOf } from '../../runtime/wall-time.ts';
import { redactAll } from '../redact/redact.ts';
import type { TraceEvent, TraceFact, TraceHeader } from '../trace.ts';

/** A HAR 1.2 document; after JSON.stringify it is a file that browsers can open. */
export interface Har {
  readonly log: {
    readonly version: '1.2';
    readonly creator: { readonly name: string; readonly version: string };
    readonly pages: readonly [];
    readonly entries: readonly object[];
  };
}

/**
 * Writes a trace as HAR, with messages in Chrome's form (`_webSocketMessages`). It is redacted again, because a trace
 * may have been edited. What HAR has no place for is in fields of our own (`_end`, `_sha256`), or in the entry's
 * comment.
 */
export function traceToHar(
  header: TraceHeader,
  events: readonly TraceEvent[],
  redact: readonly string[] = [],
): Har {
  const sessions = new Map<string, TraceEvent[]>();
  for (const event of redactAll(events, { names: redact }).facts) {
    const known = sessions.get(event.session);
    if (known === undefined) sessions.set(event.session, [event]);
    else known.push(event);
  }
  const { name, version } = toolOf(header.tool);
  const originMs = epochMsOf(header.startedAt) ?? 0;
  const entries = [...sessions.values()].flatMap((own) => entryOf(own, originMs));
  return { log: { version: '1.2', creator: { name, version }, pages: [], entries } };
}

/** `understudy 0.1.0`: the last word is the version if it contains a digit. */
function toolOf(tool: string): { readonly name: string; readonly version: string } {
  const space = tool.lastIndexOf(' ');
  const version = tool.slice(space + 1);
  return space >= 0 && /\d/.test(version)
    ? { name: tool.slice(0, space), version }
    : { name: tool, version: '' };
}

/** Nothing for a session whose request was not recorded. */
function entryOf(events: readonly TraceEvent[], originMs: number): readonly object[] {
  const request = events.find((event) => event.kind === 'request');
  if (request?.kind !== 'request') return [];
  const response = events.find((event) => event.kind === 'response');
  const isSocket =
    request.headers['upgrade']?.toLowerCase() === 'websocket' ||
    events.some(({ kind }) => kind === 'text' || kind === 'binary');
  const lastMs = events.at(-1)?.atMs ?? request.atMs;
  const seconds = (atMs: number) => (originMs + atMs) / 1000;
  const end = events.find((event) => event.kind === 'end');
  const bytes = events.filter(({ kind }) => kind === 'bytes').length;
  return [
    {
      startedDateTime: isoOf(originMs + request.atMs),
      time: lastMs - request.atMs,
      request: requestOf(request, isSocket),
      response: responseOf(response?.kind === 'response' ? response : undefined),
      cache: {},
      timings: {
        blocked: 0,
        dns: -1,
        connect: -1,
        send: 0,
        wait: (response?.atMs ?? lastMs) - request.atMs,
        receive: 0,
      },
      ...(isSocket && {
        _resourceType: 'websocket',
        _webSocketMessages: events.flatMap((event) => messageOf(event, seconds(event.atMs))),
      }),
      ...(end?.kind === 'end' &&
        isSocket && { _end: { time: seconds(end.atMs), by: end.by, how: end.how, code: end.code } }),
      ...(bytes > 0 && {
        comment: `Bytes that are not messages were written ${bytes} times and were left out`,
      }),
    },
  ];
}

function requestOf(
  { method, target, headers, body }: Extract<TraceFact, { kind: 'request' }>,
  isSocket: boolean,
): object {
  const query = target.indexOf('?');
  return {
    method,
    url: `${isSocket ? 'ws' : 'http'}://${headers['host'] ?? 'localhost'}${target}`,
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: headerList(headers),
    queryString:
      query < 0
        ? []
        : [...new URLSearchParams(target.slice(query + 1))].map(([name, value]) => ({ name, value })),
    ...(body !== undefined && { postData: { mimeType: headers['content-type'] ?? '', text: body } }),
    headersSize: -1,
    bodySize: body === undefined ? 0 : Buffer.byteLength(body),
  };
}

function responseOf(response: Extract<TraceFact, { kind: 'response' }> | undefined): object {
  const { status = 0, headers = {}, body } = response ?? {};
  return {
    status,
    statusText: '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: headerList(headers),
    content: {
      size: body === undefined ? 0 : Buffer.byteLength(body),
      mimeType: headers['content-type'] ?? '',
      ...(body !== undefined && { text: body }),
    },
    redirectURL: headers['location'] ?? '',
    headersSize: -1,
    bodySize: -1,
  };
}

function headerList(headers: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

function messageOf(event: TraceEvent, time: number): readonly object[] {
  switch (event.kind) {
    case 'text':
      return [{ type: typeOf(event), time, opcode: 1, data: event.text }];
    case 'binary': {
      const { byteCount, sha256, base64 } = event;
      const kept =
        base64 === undefined ? { data: '', _byteCount: byteCount, _sha256: sha256 } : { data: base64 };
      return [{ type: typeOf(event), time, opcode: 2, ...kept }];
    }
    case 'close':
      return [{ type: typeOf(event), time, opcode: 8, data: event.reason, code: event.code }];
    case 'ping':
    case 'pong':
      return [{ type: typeOf(event), time, opcode: event.kind === 'ping' ? 9 : 10, data: event.base64 }];
    case 'fault':
      // The form in which Chrome writes an error.
      return [{ type: 'error', time, opcode: -1, data: event.message }];
    case 'request':
    case 'response':
    case 'bytes':
    case 'context':
    case 'report':
    case 'note':
    case 'end':
      return [];
  }
}

function typeOf({ from }: { readonly from: 'client' | 'server' }): 'send' | 'receive' {
  return from === 'client' ? 'send' : 'receive';
}
