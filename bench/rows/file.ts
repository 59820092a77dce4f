import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adopt } from '../machine/children.ts';
import { peakBytesOf } from '../machine/proc.ts';
import { DIST } from '../servers/start.ts';

/** A trace to judge: how many sessions it has, and how many frames of 100 ms each of them sends. */
const FILES = {
  /** Nearly empty, to measure the start. */
  'one frame': { sessions: 1, frames: 1 },
  'many sessions': { sessions: 7000, frames: 100 },
  'one session of an hour': { sessions: 1, frames: 36_000 },
} as const;
export type FileName = keyof typeof FILES;

export interface FileResult {
  readonly events: number;
  readonly seconds: number;
  /** The peak memory of the process. */
  readonly peakBytes: number;
}

const FRAME_BYTES = 3200;
const FRAME_MS = 100;
const FRAMES_PER_PARTIAL = 3;
const PARTIALS_PER_FINAL = 15;
const SEGMENT_MS = PARTIALS_PER_FINAL * FRAMES_PER_PARTIAL * FRAME_MS;
/** Sessions that are open at the same time. */
const AT_ONCE = 50;
/** How often the process is examined. */
const LOOK_MS = 20;
const WORDS = 'so we would like to hear what the people at the other table thought'.split(' ');

/** Judges a made-up file, as the command does. */
export async function measureFile(name: FileName): Promise<FileResult> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  try {
    const path = join(folder, 'made-up.ndjson');
    const events = write(path, FILES[name].sessions, FILES[name].frames);
    const began = performance.now();
    const child = adopt(
      spawn(process.execPath, [`${DIST}/cli/main.js`, 'conformance', 'trace', path], { stdio: 'ignore' }),
    );
    let peakBytes = 0;
    const looking = setInterval(() => {
      peakBytes = Math.max(peakBytes, peakBytesOf(child.pid ?? 0));
    }, LOOK_MS);
    const [code] = (await once(child, 'exit')) as [number | null];
    clearInterval(looking);
    // Requirements that a file does not exercise make its report incomplete.
    if (code !== 0 && code !== 1 && code !== 3) throw new Error(`the command ended with ${String(code)}`);
    const seconds = (performance.now() - began) / 1000;
    return { events, seconds, peakBytes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns how many events there are */
function write(path: string, sessions: number, frames: number): number {
  const file = openSync(path, 'w');
  let count = 0;
  try {
    writeSync(
      file,
      line({ kind: 'trace', version: 1, tool: 'bench', startedAt: '2025-01-31T12:00:00.000Z' }),
    );
    for (let first = 0; first < sessions; first += AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, sessions - first) }, (_, i) => first + i);
      const beganMs = (first / AT_ONCE) * (frames + 2) * FRAME_MS;
      for (let frame = -1; frame <= frames; frame++) {
        const facts = factsAt(frame, frames);
        count += facts.length * numbers.length;
        const atMs = beganMs + (frame + 1) * FRAME_MS;
        writeSync(
          file,
          numbers.flatMap((n) => facts.map((fact) => line({ session: `s${n + 1}`, atMs, ...fact }))).join(''),
        );
      }
    }
  } finally {
    closeSync(file);
  }
  return count;
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** The events of a session around one frame: the session begins before the first frame and ends after the last. */
function factsAt(frame: number, frames: number): readonly object[] {
  if (frame < 0) {
    return [
      { kind: 'request', method: 'GET', target: '/v2/realtime?token=redacted-1&type=fast', headers: {} },
      { kind: 'response', status: 101, headers: {} },
      { kind: 'context', about: { credential: 'valid', audio: { bytesPerMs: 32, content: 'speech' } } },
      { kind: 'text', from: 'client', text: '{"action":"start"}' },
      { kind: 'text', from: 'server', text: '{"state":"loading"}' },
      { kind: 'text', from: 'server', text: '{"state":"listening"}' },
    ];
  }
  if (frame === frames) {
    return [
      { kind: 'close', from: 'client', code: 1000, reason: '' },
      { kind: 'close', from: 'server', code: 1000, reason: '' },
      { kind: 'end', by: 'client', how: 'close', code: 1000 },
    ];
  }
  const audio = { kind: 'binary', from: 'client', byteCount: FRAME_BYTES };
  return (frame + 1) % FRAMES_PER_PARTIAL === 0 ? [audio, resultAt(frame)] : [audio];
}

function resultAt(frame: number): object {
  const results = Math.floor(frame / FRAMES_PER_PARTIAL);
  const offset_ms = Math.floor(results / PARTIALS_PER_FINAL) * SEGMENT_MS;
  const count = (results % PARTIALS_PER_FINAL) + 1;
  const text = WORDS.slice(0, count).join(' ');
  const wordMs = FRAMES_PER_PARTIAL * FRAME_MS;
  const words = WORDS.map((word, i) => [word, i * wordMs, (i + 1) * wordMs, 0.95]);
  const message =
    count < PARTIALS_PER_FINAL
      ? { text, is_final: false, offset_ms, stability: 0.85 }
      : { text, is_final: true, offset_ms, words };
  return { kind: 'text', from: 'server', text: JSON.stringify(message) };
}
