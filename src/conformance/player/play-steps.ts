import type { SocketDialect } from '../../protocol/dialects.ts';
import type { ClientStep, SoundFormat } from '../../scenario/client-script.ts';
import type { TraceContext, TraceFact } from '../../wire/trace.ts';
import { isPartOf } from '../../scenario/is-part-of.ts';
import { readMessage } from '../conversation/read-message.ts';
import type { WireClient } from '../wire-client/wire-client.ts';
import { bytesPerMsOf, wavHeader } from './sounds.ts';
import type { Target } from './target.ts';

/** What steps need from the connection on which they are performed. */
export interface Stage {
  readonly client: WireClient;
  readonly target: Target;
  readonly dialect: SocketDialect;
  readonly record: (fact: TraceFact) => void;
  /** Waits for the other simultaneous sessions; resolves when all have arrived or are too late. */
  readonly meet: () => Promise<void>;
}

/** Real time after which a wait is given up. */
export const PATIENCE_MS = 20_000;
/** How early a frame may be sent, which is the resolution of the timers. */
const EARLIEST_MS = 1;
/** If a slow server leaves this many bytes unread, no more are sent until it has read them. */
const MOST_UNSENT_BYTES = 2 ** 20;

/** Performs the steps in order until the connection ends. Returns what was awaited and did not come. */
export async function playSteps(steps: readonly ClientStep[], stage: Stage): Promise<string | undefined> {
  const { client, target } = stage;
  // A message that has been waited for once is not waited for again.
  let seen = 0;
  for (const step of steps) {
    if (client.hasEnded || target.signal?.aborted === true) return undefined;
    switch (step.verb) {
      case 'start':
      case 'stop':
        client.text(JSON.stringify({ action: step.verb }));
        break;
      case 'ping':
        client.ping('understudy');
        // This costs no time with a server that answers; with one that does not, only this wait shows it.
        await client.until(() => client.hasEnded || client.isAnswered, target.controlMs);
        break;
      case 'meet':
        await stage.meet();
        break;
      case 'flush':
        client.text(
          JSON.stringify({ type: 'flush_request', ...(step.id === undefined ? {} : { id: step.id }) }),
        );
        break;
      case 'say':
        if (typeof step.message === 'string') client.text(step.message);
        else client.binary(step.message);
        break;
      case 'audio': {
        const failure = await speak(step, stage);
        if (failure !== undefined) return failure;
        break;
      }
      case 'wait':
        await client.until(() => client.hasEnded, step.ms / target.pace);
        break;
      case 'hang':
        await client.until(() => client.hasEnded, PATIENCE_MS);
        break;
      case 'await': {
        const found = await waitFor(step, stage, step.isFresh ? client.messages.length : seen);
        if (typeof found === 'string') return found;
        seen = found;
        break;
      }
      case 'close':
        client.close(step.code, step.reason);
        await client.until(() => client.isOver, target.controlMs);
        return undefined;
      case 'abort':
        client.abort(step.how);
        return undefined;
      case 'call':
      case 'connect':
      case 'expire':
        return `${step.verb}: only a client of the REST API has this step`;
    }
  }
  return undefined;
}

/** Sends audio at the speed of speech, times the pace: each frame when its last sample has been recorded. */
async function speak(
  { file, durationMs, frameMs, header, format, pace }: Extract<ClientStep, { verb: 'audio' }>,
  { client, target, record }: Stage,
): Promise<string | undefined> {
  const { pcm, content, recording } = target.sounds.sound(file, format);
  const bytesPerMs = bytesPerMsOf(format);
  const head = header ? wavHeader(format) : undefined;
  const headerBytes = head === undefined ? {} : { headerBytes: head.length };
  const named = recording === undefined ? {} : { recording };
  const about: TraceContext = { audio: { bytesPerMs, content, ...headerBytes, ...named } };
  record({ kind: 'context', about });
  if (head !== undefined) client.binary(head);
  const { clock } = target;
  const byteCount = durationMs === undefined ? pcm.length : wholeSamples(durationMs, format);
  const frameBytes = Math.max(2 * format.channels, wholeSamples(frameMs, format));
  const bytesPerRealMs = bytesPerMs * target.pace * pace;
  const beganMs = clock.now();
  for (let at = 0; at < byteCount && !client.hasEnded; at += frameBytes) {
    const to = Math.min(at + frameBytes, byteCount);
    const dueMs = beganMs + to / bytesPerRealMs;
    if (dueMs - clock.now() >= EARLIEST_MS) await client.until(() => client.hasEnded, dueMs - clock.now());
    const isTaken = await client.until(
      () => client.hasEnded || client.unsentByteCount < MOST_UNSENT_BYTES,
      PATIENCE_MS,
    );
    if (target.signal?.aborted === true) return undefined;
    if (!isTaken) return `the server has accepted no audio for ${PATIENCE_MS / 1000} s`;
    client.binary(part(pcm, at, to));
  }
  return undefined;
}

/** The number of bytes of this much audio, in whole samples for all channels. */
function wholeSamples(ms: number, { sampleRate, channels }: SoundFormat): number {
  return Math.floor((ms * sampleRate) / 1000) * channels * 2;
}

/** Bytes of a recording that starts again when it ends. */
function part(pcm: Uint8Array, from: number, to: number): Uint8Array {
  const start = from % pcm.length;
  if (start + (to - from) <= pcm.length) return pcm.subarray(start, start + (to - from));
  const bytes = new Uint8Array(to - from);
  for (let i = 0; i < bytes.length;) {
    const place = (from + i) % pcm.length;
    const piece = pcm.subarray(place, Math.min(pcm.length, place + bytes.length - i));
    bytes.set(piece, i);
    i += piece.length;
  }
  return bytes;
}

/** The index after the awaited message, or what was missing. */
async function waitFor(
  { what, count, match, limitMs }: Extract<ClientStep, { verb: 'await' }>,
  { client, dialect, target }: Stage,
  seen: number,
): Promise<number | string> {
  const patienceMs = limitMs ?? PATIENCE_MS;
  // A step with a limit may give up, and so may the run.
  const mayEnd = () => limitMs !== undefined || target.signal?.aborted === true;
  if (what === 'close') {
    const ended = await client.until(() => client.hasEnded, patienceMs);
    return ended || mayEnd() ? seen : missing(what, 1, patienceMs);
  }
  let next = seen;
  let left = count;
  await client.until(() => {
    for (; next < client.messages.length && left > 0; next++) {
      const text = client.messages[next];
      if (text !== undefined && isMeant(text, what, match, dialect)) left -= 1;
    }
    return left === 0 || client.hasEnded;
  }, patienceMs);
  if (left === 0) return next;
  // The end of the connection is judged elsewhere.
  return client.hasEnded || mayEnd() ? seen : missing(what, count, patienceMs);
}

function isMeant(text: string, what: string, match: unknown, dialect: Stage['dialect']): boolean {
  const message = readMessage({ kind: 'text', from: 'server', text }, dialect);
  if (what !== 'message' && message.kind !== what) return false;
  return match === undefined || isPartOf(match, 'fields' in message ? message.fields : undefined);
}

function missing(what: string, count: number, ms: number): string {
  return count === 1
    ? `no ${what} within ${ms / 1000} s`
    : `fewer than ${count} ${what}s within ${ms / 1000} s`;
}
