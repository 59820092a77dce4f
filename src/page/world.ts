/** What the page knows about the fake, and how each event changes that. Pure. */

/** A connection. */
export interface SessionRow {
  readonly id: string;
  readonly life: string;
  readonly edition: string;
  readonly language?: string | undefined;
  readonly scenario?: string | undefined;
  /** The close code; undefined while it is open. */
  readonly code?: number | undefined;
  readonly audioMs: number;
  readonly results: number;
  /** Messages of the client. */
  readonly frames: number;
  /** Scenario time. */
  readonly openedMs: number;
  readonly closedMs?: number | undefined;
  /** What went wrong, or a remark of the fake. */
  readonly note?: string | undefined;
}

/** A refused upgrade, or a call of a REST API. */
export interface CallRow {
  readonly id: string;
  readonly kind: 'refused' | 'request';
  readonly method: string;
  readonly path: string;
  readonly status?: number | undefined;
  readonly atMs: number;
}

/** Everything that the page knows. */
export interface World {
  /** By id, the oldest first. */
  readonly sessions: ReadonlyMap<string, SessionRow>;
  readonly calls: ReadonlyMap<string, CallRow>;
  /** The latest scenario time that was reported. */
  readonly nowMs: number;
  /** The number of the last event. */
  readonly last: number;
  /** Changes when the scenarios may have changed. */
  readonly scenarios: number;
  /** Changes when the service may have changed, or a clock was moved by hand. */
  readonly state: number;
}

/** More rows of a kind are forgotten: those that ended first, and then the oldest. */
export const MOST_ROWS = 1000;

/** Before anything was heard from the fake. */
export const EMPTY: World = {
  sessions: new Map(),
  calls: new Map(),
  nowMs: 0,
  last: 0,
  scenarios: 0,
  state: 0,
};

/** A line of the events of the control API, as far as the page reads it. */
export interface WorldEvent {
  readonly event: string;
  readonly n?: number;
  readonly atMs?: number;
  readonly nowMs?: number;
  readonly next?: number;
  readonly id?: string;
  readonly life?: string;
  readonly edition?: string;
  readonly language?: string;
  readonly scenario?: string;
  readonly code?: number;
  readonly audioMs?: number;
  readonly results?: number;
  readonly frames?: number;
  readonly message?: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly parts?: readonly string[];
}

/** The answer of `GET sessions`, as far as the page reads it. */
export interface Listed {
  readonly sessions: readonly {
    readonly id: string;
    readonly life: string;
    readonly edition: string;
    readonly language?: string;
    readonly scenario?: string;
    readonly closeCode?: number;
    readonly audioMs: number;
    readonly results: number;
    readonly openedMs?: number;
    readonly received: { readonly frame?: number };
  }[];
  readonly requests?: readonly {
    readonly id: string;
    readonly method?: string;
    readonly target?: string;
    readonly status?: number;
    readonly openedMs?: number;
    readonly isRefused?: boolean;
  }[];
}

/** The world with what the server lists in place of all that was known. */
export function withList(world: World, { sessions, requests = [] }: Listed): World {
  const rows = sessions.map(({ received, closeCode, openedMs = 0, ...row }): [string, SessionRow] => [
    row.id,
    { ...row, code: closeCode, frames: received.frame ?? 0, openedMs },
  ]);
  const calls = requests.map(
    ({ id, method = '', target = '', status, openedMs = 0, isRefused }): [string, CallRow] => [
      id,
      {
        ...{ id, method, path: target.split('?')[0] ?? '', status, atMs: openedMs },
        kind: isRefused === true ? 'refused' : 'request',
      },
    ],
  );
  return {
    ...world,
    sessions: new Map(rows.slice(-MOST_ROWS)),
    calls: new Map(calls.slice(-MOST_ROWS)),
    scenarios: world.scenarios + 1,
  };
}

/** The world after some events, in their order. */
export function withEvents(world: World, events: readonly WorldEvent[]): World {
  const sessions = new Map(world.sessions);
  const calls = new Map(world.calls);
  let { nowMs, last, scenarios, state } = world;
  const change = (id: string, part: Partial<SessionRow>) => {
    const row = sessions.get(id);
    if (row !== undefined) sessions.set(id, { ...row, ...part });
  };
  for (const event of events) {
    const { id = '', atMs = nowMs, audioMs = 0, results = 0, message } = event;
    nowMs = Math.max(nowMs, atMs, event.nowMs ?? 0);
    last = event.n ?? last;
    switch (event.event) {
      case 'start':
        last = (event.next ?? 1) - 1;
        break;
      case 'session-open': {
        const { life = '', edition = '', language, scenario } = event;
        sessions.set(id, {
          ...{ id, life, edition, language, scenario, audioMs: 0, results: 0, frames: 0, openedMs: atMs },
        });
        break;
      }
      case 'session':
        change(id, { audioMs, results, frames: event.frames ?? 0 });
        break;
      case 'session-close':
        change(id, { audioMs, results, code: event.code, closedMs: atMs });
        break;
      case 'session-note':
      case 'session-error':
        change(id, { note: message });
        break;
      case 'refused':
      case 'request':
        calls.set(id, {
          ...{ id, kind: event.event, method: event.method ?? '', path: event.path ?? '' },
          ...{ status: event.status, atMs },
        });
        break;
      case 'reset':
        if (event.parts?.includes('journal') === true) {
          for (const [key, { code }] of sessions) if (code !== undefined) sessions.delete(key);
          calls.clear();
        }
        scenarios += 1;
        break;
      case 'service':
      case 'clock':
        state += 1;
        break;
      case 'scenario':
        scenarios += 1;
        break;
    }
  }
  trim(sessions, ({ code }) => code !== undefined);
  trim(calls, () => true);
  return { sessions, calls, nowMs, last, scenarios, state };
}

function trim<Row>(rows: Map<string, Row>, isOver: (row: Row) => boolean): void {
  for (const [id, row] of rows) {
    if (rows.size <= MOST_ROWS) return;
    if (isOver(row)) rows.delete(id);
  }
  for (const id of rows.keys()) {
    if (rows.size <= MOST_ROWS) return;
    rows.delete(id);
  }
}
