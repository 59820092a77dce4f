import {
  dial,
  end,
  given,
  makes,
  MOST_ATTEMPTS,
  PAUSE_MS,
  sleep,
  tell,
  tellError,
  tellNoConnection,
} from './common.mjs';
import { hearState, messageOf, Transcript } from './transcript.mjs';

/** A client of stream mode: it reads until the server closes. */
export async function follow() {
  const transcript = new Transcript();
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    if (!(await converse(transcript))) return;
    await sleep(PAUSE_MS);
  }
}

async function converse(transcript) {
  let hasFailed = false;
  transcript.begin();
  const result = await dial(addressOf(), {
    limitMs: makes('gives-up-early') ? 5000 : makes('gives-up-late') ? 25_000 : 15_000,
    onText(text, connection) {
      const message = messageOf(text);
      if (message === undefined || hasFailed) return;
      if (typeof message.error === 'string') {
        hasFailed = true;
        if (!makes('hides-errors')) tellError('server', message.error);
      } else if (typeof message.state === 'string') hearState(message.state, connection);
      else if (typeof message.text === 'string') transcript.hear(message, connection);
    },
  });
  if (result.kind !== 'open') {
    if (!(makes('hides-timeouts') && result.kind === 'timeout')) tellNoConnection(result);
    return false;
  }
  const { connection } = result;
  if (makes('sends-audio')) connection.ws.send(Buffer.alloc(3200));
  if (makes('starts')) connection.ws.send('{"action":"start"}');
  while (connection.isOpen && !hasFailed) await sleep(20);
  if (connection.isOpen) {
    // After an error the server is about to close, but a client that expects nothing more need not wait for that.
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
  // Each time the server waits for an answer to its Close frame; several of them take longer than a client has.
  return !makes('bad-close-answer');
}

function addressOf() {
  const url = new URL(given.url);
  if (makes('other-path')) url.pathname = url.pathname.replace('/v2/client/', '/v2/client/live/');
  if (makes('no-token')) url.pathname = '/v2/client/';
  if (makes('token-not-encoded'))
    url.pathname = `/v2/client/${encodeURIComponent(encodeURIComponent(given.token))}`;
  if (makes('token-twice')) url.searchParams.set('token', given.token);
  if (!makes('no-type')) url.searchParams.set('type', makes('other-type') ? 'best' : 'fast');
  url.searchParams.set('language', makes('other-language') ? 'english' : given.language);
  if (makes('no-url')) return url.href;
  if (makes('url-not-encoded')) return `${url.href}&url=${given.streamUrl}`;
  url.searchParams.set('url', given.streamUrl);
  return url.href;
}
