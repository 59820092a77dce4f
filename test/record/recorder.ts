import { startProxy, type Proxy, type ProxyOptions } from '../../src/record/proxy.ts';
import { newTraceWriter } from '../../src/record/trace-writer.ts';
import { readUpstream } from '../../src/record/upstream.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { newRedactor } from '../../src/wire/redact/redact.ts';
import { readTrace } from '../../src/wire/trace-file.ts';
import type { TraceEvent, TraceHeader } from '../../src/wire/trace.ts';

export const HEADER: TraceHeader = {
  kind: 'trace',
  version: 1,
  tool: 'understudy test',
  startedAt: '2025-01-31T12:00:00.000Z',
};

/** A proxy whose trace stays in memory. */
export interface Recorder extends AsyncDisposable {
  /** `ws://127.0.0.1:…` */
  readonly url: string;
  readonly proxy: Proxy;
  /** What would be in the file. */
  readonly text: string;
  readonly events: readonly TraceEvent[];
  /** Resolves with all events once there is one that `wanted` accepts. */
  until(wanted: (event: TraceEvent) => boolean): Promise<readonly TraceEvent[]>;
}

/** As the command sets it. */
const LEADS = { paths: ['/api/v4/realtime/initialize', '/api/v4/realtime/status'], field: 'endpoint' };
const PATIENCE_MS = 20_000;

export async function record(
  upstream: string,
  options: Partial<Pick<ProxyOptions, 'keepAudio'>> & { readonly apiUpstream?: string } = {},
): Promise<Recorder> {
  let text = '';
  const watchers = new Set<() => void>();
  const clock = realClock();
  const writer = newTraceWriter(HEADER, clock, newRedactor(), (line) => {
    text += line;
    for (const watcher of [...watchers]) watcher();
  });
  const proxy = await startProxy({
    port: 0,
    host: '127.0.0.1',
    upstream: readUpstream(upstream),
    apiUpstream: readUpstream(options.apiUpstream ?? upstream),
    leads: LEADS,
    keepAudio: options.keepAudio ?? false,
    clock,
    onFact: (session, fact) => void writer.add(session, fact),
  });
  const events = () => readTrace(text).events;
  return {
    url: `ws://127.0.0.1:${proxy.port}`,
    proxy,
    get text() {
      return text;
    },
    get events() {
      return events();
    },
    until: (wanted) =>
      new Promise((resolve, reject) => {
        const done = () => {
          clearTimeout(timer);
          watchers.delete(look);
        };
        const look = () => {
          if (!events().some(wanted)) return;
          done();
          resolve(events());
        };
        const timer = setTimeout(() => {
          done();
          reject(new Error(`waited ${PATIENCE_MS} ms; the trace is\n${text}`));
        }, PATIENCE_MS);
        watchers.add(look);
        look();
      }),
    [Symbol.asyncDispose]: () => proxy.stop(),
  };
}
