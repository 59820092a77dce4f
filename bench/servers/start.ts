import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { adopt, stop } from '../machine/children.ts';

export type ServerName = 'bare' | 'floor' | 'fake';

/** A server process that has reported where it listens. */
export interface Server {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly realtimeUrl: string;
  /** The address of its control API; undefined if it has none. */
  readonly controlUrl: string | undefined;
  /** Where the inspector of Node.js listens, if it was started with `--inspect`. */
  readonly inspectorUrl: string | undefined;
  stop(): Promise<void>;
}

const LISTEN_TIMEOUT_MS = 20_000;
const ARGUMENTS = ['serve', '--port', '0', '--json'];
const TOKEN = 'bench';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The repository: compiled, this file is build/bench/servers/start.js. */
export const ROOT = here('../../..');
export const DIST = resolve(ROOT, 'dist');

/** The command that is measured. */
export const FAKE = resolve(ROOT, process.env['UNDERSTUDY_CLI'] ?? 'dist/cli/main.js');

const SCRIPTS: Record<ServerName, string> = {
  bare: here('./bare.js'),
  floor: here('./floor.js'),
  fake: FAKE,
};

/** A sentence that says what is missing for a measurement, or undefined. */
export function missingServer(): string | undefined {
  if (existsSync(FAKE)) return undefined;
  return `there is no ${FAKE}: run \`npm run build\`, or name another file in UNDERSTUDY_CLI`;
}

/**
 * Starts a server and waits for its first line. Both servers are started in the same way, with `nodeFlags` before the
 * script.
 */
export async function startServer(
  name: ServerName,
  nodeFlags: readonly string[] = [],
  flags: readonly string[] = [],
): Promise<Server> {
  const child = adopt(
    spawn(process.execPath, [...nodeFlags, SCRIPTS[name], ...ARGUMENTS, ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const { pid } = child;
  let errors = '';
  let inspectorUrl: string | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000);
    inspectorUrl ??= /^Debugger listening on (ws:\S+)\n/m.exec(errors)?.[1];
  });
  const lines = createInterface({ input: child.stdout });
  try {
    const line = await firstLine(lines, child);
    if (pid === undefined) throw new Error('it has no process id');
    const { scriptix, control } = JSON.parse(line) as { scriptix: { realtime: string }; control?: string };
    const realtimeUrl = `${scriptix.realtime}?token=${TOKEN}`;
    return { process: child, pid, realtimeUrl, controlUrl: control, inspectorUrl, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw new Error(`the ${name} server did not start: ${String(error)}\n${errors}`, { cause: error });
  }
}

function firstLine(lines: NodeJS.EventEmitter, child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no first line in time')), LISTEN_TIMEOUT_MS);
    const settle = () => clearTimeout(timer);
    // Later lines are read and dropped, because a full pipe would block the server.
    lines.once('line', (line: string) => {
      settle();
      resolve(line);
    });
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('exit', (code) => {
      settle();
      reject(new Error(`it ended with ${String(code)}`));
    });
  });
}
