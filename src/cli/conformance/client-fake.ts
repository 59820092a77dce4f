import { type Dialect, DIALECTS, isSocket, mainSocketOf, vendorOf } from '../../protocol/dialects.ts';
import type { Fake, FakeAddresses, FakeOptions } from '../../conformance/client/fake.ts';
import type { ServerUrls } from '../../mock-server/addresses.ts';
import { startMockServer } from '../../mock-server/server.ts';
import type { MockServer } from '../../mock-server/mock-server.ts';
import type { TraceEvent } from '../../wire/trace.ts';

/** Approximately what is kept of a scenario, in bytes: 30 s of results of 1 kB, fifty per second. */
const JOURNAL_BYTES = 2 * 2 ** 20;
/** Approximately how many events of a scenario are read when the run is over: those of about a hundred connections. */
const MOST_IN_HASTE = 300;

/** Our fake, in the form that the runner for clients needs. */
export async function startClientFake(options: FakeOptions): Promise<Fake> {
  const { scenario, dialect, editions, seed, token, isTokenRequired, redaction } = options;
  const server = await startMockServer({
    scenario: scenarioOf(scenario, dialect),
    editions,
    seed,
    journal: { bytes: JOURNAL_BYTES },
    ...(redaction === undefined ? {} : { redaction }),
    ...(isTokenRequired ? { keys: [`${token}:admin`] } : {}),
  });
  /** The last connection and the last request before the scenario began. */
  let earlier: Numbers = { s: 0, h: 0 };
  let forgottenEarlier = 0;
  const ids = () => server.journal.ids.filter((id) => numberOf(id) > earlier[kindOf(id)]);
  return {
    addresses: addressesOf(server.urls, dialect, token),
    now: () => server.clock.now(),
    get activity() {
      const { waitingUpgrades } = server;
      const all = ids();
      const open = all.filter((id) => !server.journal.isOver(id));
      return {
        begun: countBetween(earlier, all) + waitingUpgrades,
        open: open.length + waitingUpgrades,
      };
    },
    async play(next) {
      await server.setScenario(scenarioOf(next, dialect));
      // Clients that have connected since the end of the previous scenario are disconnected, since they belong to
      // neither. The following happens in one turn of the event loop.
      const leaving = server.reset({ sessions: true });
      earlier = lastOf(server.journal.ids);
      forgottenEarlier = server.journal.forgottenEvents;
      await leaving;
    },
    async end(inHaste = false) {
      const atMs = server.clock.now();
      const all = new Set(ids());
      const most = inHaste ? MOST_IN_HASTE : Infinity;
      const events: TraceEvent[] = [];
      let readCount = 0;
      // Every event is searched for secrets when it is read.
      for (const id of all) {
        if (events.length >= most) break;
        for (const event of server.journal.events(id)) events.push(event);
        readCount += 1;
      }
      const dropped = server.journal.forgottenEvents - forgottenEarlier;
      await server.reset({ sessions: true });
      // Upgrades that were waiting for an answer appear in the journal only now.
      const waiting = ids().filter((id) => !all.has(id));
      const shown = waiting.slice(0, Math.max(0, most - events.length));
      const forgotten = countBetween(earlier, [...all]) - all.size;
      const unread = all.size - readCount + waiting.length - shown.length;
      return [
        ...(forgotten === 0 ? [] : [lostNote(events, forgotten, dropped, FORGOTTEN)]),
        ...(unread === 0 ? [] : [lostNote(events, unread, 0, UNREAD)]),
        ...events,
        ...shown.flatMap((id) => requestOf(server, id, atMs)),
      ];
    },
    stop: () => server.stop(),
  };
}

/** Ids are numbered by kind: `s1` for connections, `h1` for other requests. */
type Numbers = Readonly<Record<'s' | 'h', number>>;

function kindOf(id: string): keyof Numbers {
  return id.startsWith('s') ? 's' : 'h';
}

function numberOf(id: string): number {
  return Number(id.slice(1));
}

function lastOf(ids: readonly string[]): Numbers {
  const last = { s: 0, h: 0 };
  for (const id of ids) last[kindOf(id)] = Math.max(last[kindOf(id)], numberOf(id));
  return last;
}

/** How many there have been, including those that the journal has forgotten. */
function countBetween(earlier: Numbers, ids: readonly string[]): number {
  const { s, h } = lastOf(ids);
  return Math.max(0, s - earlier.s) + Math.max(0, h - earlier.h);
}

const FORGOTTEN = 'earlier connections and requests are missing here: the journal keeps a limited number';
const UNREAD = 'connections and requests are missing here: the time was up before they could be read';

function lostNote(events: readonly TraceEvent[], lost: number, dropped: number, which: string): TraceEvent {
  const { session = 's0', atMs = 0 } = events[0] ?? {};
  return { session, atMs, kind: 'note', message: `${lost} ${which}`, dropped: Math.max(lost, dropped) };
}

function requestOf(server: MockServer, id: string, untilMs: number): readonly TraceEvent[] {
  return server.journal.events(id).filter(({ kind, atMs }) => kind === 'request' && atMs <= untilMs);
}

/** A name may exist in several dialects. A file says itself which one it is for. */
function scenarioOf(scenario: string, dialect: Dialect): string {
  return /^[a-z0-9-]+$/.test(scenario) ? `${dialect}/${scenario}` : scenario;
}

function addressesOf(urls: ServerUrls, dialect: Dialect, token: string): FakeAddresses {
  const vendor = vendorOf(dialect);
  const ws = urls.url.replace(/^http/, 'ws');
  // A client of the REST API also connects.
  const [path] = DIALECTS[isSocket(dialect) ? dialect : mainSocketOf(vendor)].paths;
  return {
    url: `${ws}${path.replace('{token}', () => encodeURIComponent(token))}`,
    baseUrl: ws,
    apiUrl: urls[vendor].api,
  };
}
