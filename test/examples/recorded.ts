import type { MockServer } from '../../src/mock-server/mock-server.ts';
import type { TraceEvent } from '../../src/wire/trace.ts';

/** An attempt of a client to connect, or a call of the REST API, as the fake recorded it. */
export interface Recorded {
  readonly target: URL;
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number | undefined;
  readonly responseBody: string;
  /** What the client sent, in order: commands as JSON, and `audio` for consecutive audio. */
  readonly sent: readonly unknown[];
  /** The messages of the server, as JSON. */
  readonly said: readonly Readonly<Record<string, unknown>>[];
  /** The code of the client's Close frame. */
  readonly closeCode: number | undefined;
  readonly audioBytes: number;
  /** From the opening to the end of the connection. */
  readonly lastedMs: number;
}

/** Upgrades, whether they succeeded or not, in the order of their arrival. */
export function attemptsOf(fake: MockServer): readonly Recorded[] {
  return recordedBy(fake).filter(({ headers }) => headers['upgrade'] === 'websocket');
}

/** Calls of the REST API, as `GET status`. */
export function callsOf(fake: MockServer): readonly string[] {
  return fake.journal.ids
    .flatMap((id) => fake.journal.events(id).filter((event) => event.kind === 'request'))
    .filter(({ target }) => target.startsWith('/api/'))
    .toSorted((one, other) => one.atMs - other.atMs)
    .map(({ method, target }) => `${method} ${target.split('/').at(-1) ?? ''}`);
}

function recordedBy(fake: MockServer): readonly Recorded[] {
  const all = fake.journal.ids.map((id) => fake.journal.events(id));
  const began = (events: readonly TraceEvent[]) => events[0]?.atMs ?? 0;
  return all
    .filter((events) => events.length > 0)
    .toSorted((one, other) => began(one) - began(other))
    .map(recorded);
}

function recorded(events: readonly TraceEvent[]): Recorded {
  const request = events.find((event) => event.kind === 'request');
  const response = events.find((event) => event.kind === 'response');
  const sent: unknown[] = [];
  for (const event of events) {
    if (event.kind === 'text' && event.from === 'client') sent.push(JSON.parse(event.text));
    if (event.kind === 'binary' && event.from === 'client' && sent.at(-1) !== 'audio') sent.push('audio');
  }
  const said = events.flatMap((event) => {
    if (event.kind !== 'text' || event.from !== 'server') return [];
    return event.text.startsWith('{') && event.text.endsWith('}') ? [readObject(event.text)] : [];
  });
  const close = events.find((event) => event.kind === 'close' && event.from === 'client');
  return {
    target: new URL(request?.target ?? '/', 'http://fake'),
    headers: Object.fromEntries(
      Object.entries(request?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    status: response?.status,
    responseBody: response?.body ?? '',
    sent,
    said,
    closeCode: close?.kind === 'close' ? close.code : undefined,
    audioBytes: events.reduce(
      (sum, event) => sum + (event.kind === 'binary' && event.from === 'client' ? event.byteCount : 0),
      0,
    ),
    lastedMs: (events.at(-1)?.atMs ?? 0) - (response?.atMs ?? 0),
  };
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
