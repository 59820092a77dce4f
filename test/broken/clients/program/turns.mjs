import {
  dial,
  end,
  framesOf,
  given,
  makes,
  sendRaw,
  sleep,
  tell,
  tellError,
  tellNoConnection,
} from './common.mjs';
import { messageOf } from './transcript.mjs';

const FRAME_EVERY_MS = 5;
/** So long the beginning of a turn is waited for, and its end. */
const TURN_MS = 10_000;
/** After the end: whether more comes. */
const SETTLED_MS = 1000;
/** What is said of the first sentence: the silence behind it is cut off, so that the flush finds an open turn. */
const FRAMES = 30;

/** A client of turns: streams, flushes at the end, and waits for the end of the turn that is open. */
export async function take() {
  let hasFailed = false;
  let isOpen = false;
  let line = '';
  const result = await dial(addressOf(), {
    headers: { authorization: `ApiKey ${given.token}` },
    onText(text) {
      const message = messageOf(text);
      if (message?.type === 'turn_start') isOpen = true;
      else if (message?.type === 'turn_end_candidate') {
        line = message.text;
        tell({ event: 'display', text: line });
      } else if (message?.type === 'turn_end') {
        isOpen = false;
        if (line !== '') tell({ event: 'final', text: line });
        line = '';
      } else if (message?.type === 'error') {
        hasFailed = true;
        tellError('server', String(message.message));
      }
    },
  });
  if (result.kind !== 'open') return tellNoConnection(result);
  const { connection } = result;
  const { ws } = connection;
  if (makes('bad-utf8')) sendRaw(ws, 0x1, Buffer.from([0x22, 0xff, 0x22]));
  for (const frame of framesOf().slice(0, FRAMES)) {
    if (!connection.isOpen || hasFailed) break;
    ws.send(makes('audio-as-text') ? JSON.stringify({ audio: frame.toString('base64') }) : frame);
    await sleep(FRAME_EVERY_MS);
  }
  if (connection.isOpen && !hasFailed) {
    // The flush is to find an open turn.
    await until(connection, () => isOpen, TURN_MS);
    ws.send(makes('names-flushes') ? '{"type":"flush_request","id":"mine"}' : '{"type":"flush_request"}');
    if (!makes('closes-after-flush')) {
      if (!(await until(connection, () => !isOpen, TURN_MS))) tellError('timeout', 'the turn did not end');
    }
    await until(connection, () => false, makes('closes-after-flush') ? 0 : SETTLED_MS);
  }
  if (connection.isOpen) return void (await end(connection));
  const code = await connection.closed;
  tell({ event: 'closed', code });
  if (!hasFailed && code !== 1000) tellError('closed', 'the connection is gone');
}

/** Whether it came to be so within the limit, while the connection was open. */
async function until(connection, isSo, limitMs) {
  const beganMs = performance.now();
  while (!isSo()) {
    if (!connection.isOpen || performance.now() - beganMs > limitMs) return false;
    await sleep(FRAME_EVERY_MS);
  }
  return true;
}

function addressOf() {
  const url = new URL(given.url);
  if (makes('other-path')) url.pathname = '/v1/speech-to-text/live';
  const query = {
    encoding: 'pcm_s16le',
    sample_rate: makes('no-rate') ? '-16000' : '16000',
    include_timestamps: 'true',
    eager_turn_probability: '0.5',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}
