import { fieldsOf } from '../../runtime/json/fields.ts';
import { once } from 'node:events';
import { WebSocket } from '../../wire/ws.ts';
import type { Clock } from '../../runtime/clock.ts';
import { sleepUntil } from '../../runtime/wait.ts';

/** What is sent to one service. */
export interface Talk {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent before the audio, if the service wants it. */
  readonly begin?: string;
  /** Sent after the audio, to get what is still missing. */
  readonly end: string;
  readonly read: (message: Readonly<Record<string, unknown>>) => Omit<Shown, 'atMs'>;
  /** Whether this message is the last one. */
  readonly isLast: (message: Readonly<Record<string, unknown>>) => boolean;
}

/** A message of the service, for display. */
export interface Shown {
  /** Milliseconds since the audio began. */
  readonly atMs: number;
  readonly isFinal: boolean;
  readonly text: string;
  /** A description, if it is not a result. */
  readonly note?: string;
}

/** 100 ms of 16 kHz mono. */
const FRAME_BYTES = 3200;
const FRAME_MS = 100;

/** Streams audio at the clock's pace and shows the results, until the service has said everything. */
export async function converse(
  talk: Talk,
  audio: Uint8Array,
  clock: Clock,
  show: (shown: Shown) => void,
): Promise<{ partials: number; finals: number }> {
  const ws = new WebSocket(talk.url, { ...(talk.headers === undefined ? {} : { headers: talk.headers }) });
  let partials = 0;
  let finals = 0;
  let startedMs = clock.now();
  ws.on('message', (data: Buffer) => {
    const message = fieldsOf(JSON.parse(data.toString('utf8')));
    const shown = talk.read(message);
    if (shown.note === undefined) {
      if (shown.isFinal) finals += 1;
      else partials += 1;
    }
    show({ atMs: clock.now() - startedMs, ...shown });
    if (talk.isLast(message)) ws.close(1000);
  });
  const closed = once(ws, 'close');
  await once(ws, 'open');
  if (talk.begin !== undefined) ws.send(talk.begin);
  startedMs = clock.now();
  for (let frame = 0; frame * FRAME_BYTES < audio.length; frame++) {
    // Every frame has its own due time, so that delays do not add up.
    await sleepUntil(clock, startedMs + (frame + 1) * FRAME_MS);
    ws.send(audio.subarray(frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES));
  }
  ws.send(talk.end);
  await closed;
  return { partials, finals };
}
