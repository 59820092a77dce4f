import { vendorOfLife } from '../../protocol/dialects.ts';
import { Counter, Gauge, Registry } from 'prom-client';
import type { MessageCounts } from './journal.ts';
import type { Session } from '../open-session.ts';
import type { Tally } from './tally.ts';

/** What the metrics are made from. */
export interface Measured {
  readonly tally: Tally;
  readonly messages: MessageCounts;
  /** The sessions that are open. */
  readonly open: readonly Pick<Session, 'life' | 'results' | 'audioMs'>[];
  readonly journal: { readonly byteCount: number; readonly size: number };
}

/** The numbers of a server in the text format of Prometheus. They are counted elsewhere. */
export async function metricsText({ tally, messages, open, journal }: Measured): Promise<string> {
  const registers = [new Registry()];
  const [registry = new Registry()] = registers;
  const counter = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Counter({ name: `understudy_${name}`, help, labelNames: [...labelNames], registers });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name: `understudy_${name}`, help, labelNames: [...labelNames], registers });

  const opened = gauge('sessions_open', 'Connections that are open', ['dialect']);
  const sessions = counter('sessions_total', 'Connections so far', ['dialect']);
  for (const [dialect, count] of Object.entries(tally.sessions)) {
    sessions.inc({ dialect }, count);
    opened.set({ dialect }, 0);
  }
  for (const { life } of open) opened.inc({ dialect: vendorOfLife(life) });
  const refused = counter('refused_total', 'Upgrades that were refused, by HTTP status', ['status']);
  for (const [status, count] of Object.entries(tally.refused)) refused.inc({ status }, count);
  const crossed = counter('messages_total', 'WebSocket messages, by who sent them', ['from']);
  crossed.inc({ from: 'client' }, messages.client);
  crossed.inc({ from: 'server' }, messages.server);

  const sum = (of: (session: Measured['open'][number]) => number) =>
    open.reduce((total, session) => total + of(session), 0);
  counter('results_total', 'Partial and final results that were due').inc(
    tally.results + sum(({ results }) => results),
  );
  counter('audio_seconds_total', 'Seconds of audio heard').inc(
    (tally.audioMs + sum(({ audioMs }) => audioMs)) / 1000,
  );
  counter('session_errors_total', 'Errors that were sent, noticed or made').inc(tally.errors);
  gauge('journal_bytes', 'Approximate number of bytes that the journal takes').set(journal.byteCount);
  gauge('journal_sessions', 'Connections and HTTP requests in the journal').set(journal.size);
  return registry.metrics();
}
