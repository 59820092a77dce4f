import {
  dial,
  end,
  framesOf,
  given,
  makes,
  MOST_ATTEMPTS,
  PAUSE_MS,
  sendRaw,
  sleep,
  tell,
  tellError,
  tellNoConnection,
} from './common.mjs';
import { hearState, messageOf, Transcript } from './transcript.mjs';

const FRAME_EVERY_MS = 5;
/** Slow enough to be gone before the next result. */
const SLOWLY_MS = 40;
/** The silence after the last result and after all audio that means that nothing more will come. */
const SETTLED_MS = 2500;
/** Longer than it takes to see that a connection is dead. */
const LAST_FINAL_MS = 8000;

/** A client of microphone mode. @param endpoint where it connects; it may come from the REST API */
export async function speak(endpoint = given.url) {
  const transcript = new Transcript();
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    if (!(await converse(endpoint, transcript))) return;
    await sleep(PAUSE_MS);
  }
}

/** @returns whether another connection makes sense */
async function converse(endpoint, transcript) {
  let hasFailed = false;
  let isStarted = false;
  let frames = framesOf();
  transcript.begin();
  const result = await dial(addressOf(endpoint), {
    headers: headersOf(),
    limitMs: makes('gives-up-early') ? 5000 : makes('gives-up-late') ? 25_000 : 15_000,
    onText(text, connection) {
      const message = messageOf(text);
      if (message === undefined || hasFailed) return;
      if (typeof message.error === 'string') {
        hasFailed = true;
        if (!makes('hides-errors')) tellError('server', message.error);
      } else if (typeof message.state === 'string') hearState(message.state, connection);
      else if (typeof message.text === 'string') {
        transcript.hear(message, connection);
        if (makes('stops-at-first-final') && message.is_final) frames = [];
      }
    },
  });
  if (result.kind !== 'open') {
    if (!(makes('hides-timeouts') && result.kind === 'timeout')) tellNoConnection(result);
    return makes('retries-401') && result.status === 401;
  }
  const { connection } = result;
  const { ws } = connection;
  const begin = () => {
    if (isStarted) return;
    isStarted = true;
    if (makes('never-starts')) return;
    if (makes('starts-otherwise')) ws.send('{"type":"start"}');
    else if (makes('start-in-binary')) ws.send(Buffer.from('{"action":"start"}'));
    else ws.send('{"action":"start"}');
    if (makes('starts-twice')) ws.send('{"action":"start"}');
    if (makes('says-more')) ws.send('{"action":"pause"}');
    if (makes('bad-utf8')) sendRaw(ws, 0x1, Buffer.from([0x22, 0xff, 0x22]));
  };
  if (makes('audio-first')) ws.send(frames[0]);
  begin();
  if (makes('never-starts') || makes('starts-otherwise')) frames = [];
  let sentMs = performance.now();
  const isDone = () => {
    if (frames.length > 0) return false;
    if (makes('closes-at-once')) return true;
    if (makes('never-starts')) return performance.now() - sentMs > 15_500;
    if (makes('no-pong')) return performance.now() - sentMs > 7000;
    // Until the server gives up: on a busy machine its Close frame comes long after the audio.
    if (makes('bad-close-answer')) return false;
    const quietMs = performance.now() - Math.max(sentMs, connection.heardMs);
    return quietMs > (transcript.line === '' ? SETTLED_MS : LAST_FINAL_MS);
  };
  while (connection.isOpen && (!hasFailed || makes('bad-close-answer')) && !isDone()) {
    const frame = frames.shift();
    if (frame !== undefined) {
      ws.send(makes('audio-as-text') ? JSON.stringify({ audio: frame.toString('base64') }) : frame);
      sentMs = performance.now();
    }
    await sleep(makes('needs-known-fields') || makes('needs-known-states') ? SLOWLY_MS : FRAME_EVERY_MS);
  }
  const wasOpen = connection.isOpen;
  if (wasOpen && connection.isOpen) {
    await end(connection);
    return false;
  }
  const code = await connection.closed;
  if (makes('1006-is-fine')) {
    tell({ event: 'closed', code: 1000 });
    return false;
  }
  tell({ event: 'closed', code });
  if (hasFailed || code !== 1006) return false;
  tellError('closed', 'the connection is gone');
  return true;
}

function addressOf(endpoint) {
  const url = new URL(endpoint);
  if (makes('other-path')) url.pathname = '/v2/live';
  if (!makes('token-in-header') && !makes('no-token')) url.searchParams.set('token', given.token);
  if (!makes('no-type')) url.searchParams.set('type', makes('other-type') ? 'best' : 'fast');
  url.searchParams.set('language', makes('other-language') ? 'english' : given.language);
  // A URL object would encode the token.
  if (makes('token-not-encoded')) {
    url.searchParams.delete('token');
    return `${url.href}&token=${given.token}`;
  }
  if (makes('plus-not-encoded')) return url.href.replaceAll('%2B', '+');
  return url.href;
}

function headersOf() {
  if (makes('token-in-header')) {
    return { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', 'x-api-key': given.token };
  }
  return {};
}
