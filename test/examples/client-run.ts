import { spawn } from 'node:child_process';
import { REPOSITORY } from '../support/programs/cli.ts';

/** What a client reported on file descriptor 3. */
export type Report =
  | { readonly event: 'state'; readonly state: string }
  | { readonly event: 'display' | 'final'; readonly text: string }
  | { readonly event: 'error'; readonly kind: string; readonly message: string }
  | { readonly event: 'closed'; readonly code: number };

export interface ClientRun {
  /** Null if it was killed, because it did not end by itself. */
  readonly code: number | null;
  readonly reports: readonly Report[];
  readonly stdout: string;
  readonly stderr: string;
}

/** Longer than all time-outs of a client together. */
const LONGEST_MS = 120_000;

/** Runs a client to its end. Of our own variables, the environment has only the given ones. */
export function runClient(
  [command, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Promise<ClientRun> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('UNDERSTUDY_'));
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: REPOSITORY,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...Object.fromEntries(inherited), ...env },
    });
    const outputs = [1, 2, 3].map((descriptor) => {
      const pieces: Buffer[] = [];
      child.stdio[descriptor]?.on('data', (piece: Buffer) => pieces.push(piece));
      return pieces;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      const [stdout = '', stderr = '', told = ''] = outputs.map((pieces) => Buffer.concat(pieces).toString());
      const lines = told.split('\n').filter((line) => line !== '');
      resolve({ code, stdout, stderr, reports: lines.map((line) => JSON.parse(line) as Report) });
    });
  });
}

/** The texts of one kind of report, in order. */
export function textsOf(run: ClientRun, event: 'display' | 'final'): readonly string[] {
  return run.reports.flatMap((report) => (report.event === event && 'text' in report ? report.text : []));
}

export function errorsOf(run: ClientRun): readonly string[] {
  return run.reports.flatMap((report) => (report.event === 'error' ? report.kind : []));
}

export function codesOf(run: ClientRun): readonly number[] {
  return run.reports.flatMap((report) => (report.event === 'closed' ? report.code : []));
}
