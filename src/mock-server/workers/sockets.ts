import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../runtime/errors.ts';

/** Where workers answer the process that listens, and no one else: sockets in a folder of its user, or named pipes. */
export interface SocketPlace {
  of(worker: string): string;
  remove(): Promise<void>;
}

const PIPE_BYTES = 32;

/** Makes the folder or the names of the sockets. Folders of processes that have ended are removed first. */
export async function socketPlace(): Promise<SocketPlace> {
  if (process.platform === 'win32') {
    const prefix = `\\\\.\\pipe\\understudy-${randomBytes(PIPE_BYTES).toString('hex')}`;
    return { of: (worker) => `${prefix}-${worker}`, remove: () => Promise.resolve() };
  }
  await removeStale();
  const folder = await mkdtemp(join(tmpdir(), `understudy-workers-${process.pid}-`));
  return {
    of: (worker) => join(folder, worker),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const FOLDER = /^understudy-workers-(\d+)-/;

/** Removes the folders of servers that were killed together with their workers, which left no one to do it. */
async function removeStale(): Promise<void> {
  const entries = await readdir(tmpdir()).catch((): string[] => []);
  const stale = entries.filter((entry) => {
    const [, pid] = FOLDER.exec(entry) ?? [];
    return pid !== undefined && !isRunning(Number(pid));
  });
  await Promise.all(stale.map((entry) => removeUnused(join(tmpdir(), entry))));
}

/** Another container may share the temporary folder: its processes have other numbers, but its sockets answer. */
async function removeUnused(folder: string): Promise<void> {
  try {
    const sockets = await readdir(folder);
    const isUsed = await Promise.all(sockets.map((socket) => answers(join(folder, socket))));
    // One without sockets may just have been made.
    if (sockets.length > 0 && !isUsed.includes(true)) await rm(folder, { recursive: true, force: true });
  } catch {
    // It belongs to someone else, or is gone.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
      .on('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .on('error', (error) => resolve(codeOf(error) !== 'ECONNREFUSED'));
  });
}
