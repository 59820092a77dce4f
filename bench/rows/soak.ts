import { readdirSync } from 'node:fs';
import { WebSocket } from 'ws';
import { collectGarbage } from '../machine/inspector.ts';
import { residentBytesOf } from '../machine/proc.ts';
import { startServer, type Server } from '../servers/start.ts';
import { speechFrames } from '../load/speech.ts';

/** What a server holds after this many sessions, none of which is open any more. */
export interface Checkpoint {
  readonly sessions: number;
  readonly liveBytes: number;
  readonly residentBytes: number;
  /** Open files, sockets included. */
  readonly files: number;
  /** The number of sessions that ended with each close code, or that were refused. */
  readonly ends: Readonly<Record<string, number>>;
}

const CHECKPOINTS = 5;
const AT_ONCE = 50;
/** Scenario time runs so fast that the 15 s of a scenario are over while its client is there. */
const SPEED = '100';
const AUDIO = speechFrames().slice(0, 30);
/** A client gives up after this time, because many scenarios never end by themselves. */
const PATIENCE_MS = 400;
/** If a client went away while the server did not read, the server notices it at the second ping, after 40 s. */
const DRAIN_MS = 90_000;

/** Plays all bundled WebSocket scenarios repeatedly, and checks in between what the server holds. */
export async function soak(sessions: number, tell: (text: string) => void): Promise<readonly Checkpoint[]> {
  const server = await startServer('fake', ['--inspect=0'], ['--speed', SPEED]);
  try {
    const targets = await targetsOf(server);
    const checkpoints: Checkpoint[] = [];
    const ends: Record<string, number> = {};
    let begun = 0;
    for (let part = 1; part <= CHECKPOINTS; part++) {
      const until = Math.round((sessions * part) / CHECKPOINTS);
      const worker = async () => {
        while (begun < until) {
          const target = targets[begun % targets.length];
          begun += 1;
          if (target === undefined) return;
          const end = await visit(target);
          ends[end] = (ends[end] ?? 0) + 1;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      await drained(server);
      const { inspectorUrl = '', pid } = server;
      const { liveBytes } = await collectGarbage(inspectorUrl);
      const files = readdirSync(`/proc/${pid}/fd`).length;
      const residentBytes = residentBytesOf(pid);
      checkpoints.push({ sessions: begun, liveBytes, residentBytes, files, ends: { ...ends } });
      tell(
        `soak ${begun}: ${mib(liveBytes)} in use, ${mib(residentBytes)} resident, ${files} open files, ends ${JSON.stringify(ends)}`,
      );
    }
    return checkpoints;
  } finally {
    await server.stop();
  }
}

/**
 * Whether nothing grows: at the end the server holds at most a twentieth more memory than after two fifths, when the
 * journal is full and everything is loaded, and no more files.
 */
export function isFlat(checkpoints: readonly Checkpoint[]): boolean {
  const [middle, last] = [checkpoints[Math.floor(checkpoints.length / 2) - 1], checkpoints.at(-1)];
  if (middle === undefined || last === undefined) return false;
  return last.liveBytes <= middle.liveBytes * 1.05 && last.files <= middle.files;
}

interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function targetsOf(server: Server): Promise<readonly Target[]> {
  const { scenarios } = (await ask(server, 'scenarios')) as {
    scenarios: { dialect: string; name: string }[];
  };
  const { origin } = new URL(server.realtimeUrl);
  const token = { 'x-api-key': 'soak', authorization: 'ApiKey soak' };
  const of = (dialect: 'scriptix' | 'reson8', path: string) =>
    scenarios
      .filter((scenario) => scenario.dialect === dialect)
      .map(({ name }) => ({
        url: `${origin}${path}`,
        headers: { ...token, 'x-understudy-scenario': name },
      }));
  return [
    ...of('scriptix', '/v2/realtime'),
    ...of('reson8', '/v1/speech-to-text/realtime?include_interim=true'),
  ];
}

/** One session of a client that sends its part and ignores what comes back. Resolves with how it ended. */
function visit({ url, headers }: Target): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    let refused: number | undefined;
    let isLate = false;
    const patience = setTimeout(() => {
      isLate = true;
      socket.terminate();
    }, PATIENCE_MS);
    socket.on('open', () => {
      if (url.includes('/v2/')) socket.send('{"action":"start"}');
      for (const frame of AUDIO) socket.send(frame);
      socket.send(url.includes('/v2/') ? '{"action":"stop"}' : '{"type":"flush_request","id":"soak"}');
    });
    socket.on('message', (data: Buffer) => {
      if (data.includes('flush_confirmation')) socket.close(1000);
    });
    socket.on('unexpected-response', (_request, response) => {
      refused = response.statusCode;
      response.resume();
      socket.terminate();
    });
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      clearTimeout(patience);
      resolve(refused !== undefined ? `refused ${refused}` : isLate ? 'given up' : String(code));
    });
  });
}

/** Waits until the server has noticed that all clients are gone. */
async function drained(server: Server): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  for (;;) {
    const { sessions } = (await ask(server, 'sessions')) as { sessions: { isOpen: boolean }[] };
    const open = sessions.filter(({ isOpen }) => isOpen).length;
    if (open === 0) return;
    if (performance.now() > deadline) throw new Error(`${open} sessions are still open after ${DRAIN_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Asks the server's control API. */
async function ask({ realtimeUrl }: Server, what: string): Promise<unknown> {
  const origin = new URL(realtimeUrl).origin.replace('ws', 'http');
  return (await fetch(`${origin}/__understudy/${what}`)).json();
}

/** The results of each checkpoint, as text. */
export function soakTable(checkpoints: readonly Checkpoint[]): string {
  const lines = checkpoints.map(
    ({ sessions, liveBytes, residentBytes, files }) =>
      `${String(sessions).padStart(8)}  ${mib(liveBytes).padStart(9)}  ${mib(residentBytes).padStart(9)}  ${String(files).padStart(5)}`,
  );
  const ends = Object.entries(checkpoints.at(-1)?.ends ?? {}).map(([end, times]) => `${end}: ${times}`);
  return [
    'sessions     in use   resident  files',
    ...lines,
    '',
    `flat: ${isFlat(checkpoints) ? 'yes' : 'NO'}; how sessions ended: ${ends.join(', ')}`,
  ].join('\n');
}

function mib(byteCount: number): string {
  return `${(byteCount / 2 ** 20).toFixed(1)} MiB`;
}
