import { dial, end, framesOf, given, makes, sleep, tell, tellError, tellNoConnection } from './common.mjs';

/** Slow enough for a token of two seconds to expire while audio is sent, however quickly the program starts. */
const FRAME_EVERY_MS = 60;
const CONFIRMATION_MS = 10_000;
const CALL_MS = 10_000;
const MOST_TRIES = 3;
/** A token that expires so soon may have expired when a call arrives. */
const EARLY_MS = 1000;

/** What the client knows about its access token. */
let token = { text: '', expiresMs: 0 };

/** A client of the calls of Reson8: dictates with an access token, then has a recording transcribed. */
export async function useCalls() {
  if (!(await refresh())) return;
  if (!(await dictate())) return;
  await transcribe();
}

/** @returns whether there is a token that is good for a while */
async function refresh() {
  for (let tries = 1; ; tries++) {
    const answer = await post('auth/token', { authorization: `ApiKey ${given.token}` });
    if (answer?.access_token !== undefined) {
      token = { text: answer.access_token, expiresMs: performance.now() + answer.expires_in * 1000 };
      return true;
    }
    if (tries === MOST_TRIES) {
      tellError('auth', 'no access token');
      return false;
    }
  }
}

function urlOf(url) {
  return `${url}${url.includes('?') ? '&' : '?'}encoding=pcm_s16le&sample_rate=16000&channels=1`;
}

const isExpired = (earlyMs = 0) => performance.now() + earlyMs >= token.expiresMs;

async function dictate() {
  const frames = framesOf();
  let isConfirmed = false;
  const onText = (text) => {
    const message = JSON.parse(text);
    if (message.type === 'flush_confirmation') isConfirmed = true;
    else if (message.type === 'transcript' && message.text !== '')
      tell({ event: 'final', text: message.text });
  };
  const open = async () => {
    for (let tries = 1; ; tries++) {
      const headers = { authorization: `Bearer ${token.text}` };
      const result = await dial(urlOf(given.url), { headers, onText });
      if (result.kind === 'open') return result.connection;
      // The token may have expired on its way.
      const mayRefresh = result.status === 401 && tries < MOST_TRIES;
      if (mayRefresh && (await refresh())) continue;
      tellNoConnection(result);
      return undefined;
    }
  };
  let connection = await open();
  if (connection === undefined) return false;
  let hasReconnected = false;
  for (const frame of frames) {
    if (makes('reconnects-to-refresh') && isExpired() && !hasReconnected) {
      hasReconnected = true;
      await refresh();
      await end(connection);
      connection = await open();
      if (connection === undefined) return false;
    }
    if (makes('refreshes-in-session') && isExpired()) await refresh();
    connection.ws.send(frame);
    await sleep(FRAME_EVERY_MS);
  }
  connection.ws.send('{"type":"flush_request","id":"end"}');
  for (let waitedMs = 0; !isConfirmed && connection.isOpen && waitedMs < CONFIRMATION_MS; waitedMs += 20) {
    await sleep(20);
  }
  if (connection.isOpen) await end(connection);
  else tell({ event: 'closed', code: await connection.closed });
  return true;
}

async function transcribe() {
  if (isExpired(EARLY_MS) && !makes('keeps-its-token')) {
    if (!(await refresh())) return;
  }
  const authorization = makes('posts-with-key') ? `ApiKey ${given.token}` : `Bearer ${token.text}`;
  const credential = makes('x-api-key') ? { 'x-api-key': given.token } : { authorization };
  const type = makes('posts-a-form') ? 'multipart/form-data; boundary=x' : 'application/octet-stream';
  const encoding = makes('says-wav') ? 'wav' : 'pcm_s16le';
  const body = Buffer.concat(framesOf());
  const path = `speech-to-text/prerecorded?encoding=${encoding}`;
  const answer = await post(path, { ...credential, 'content-type': type }, body);
  if (answer === undefined) return tellError('server', 'no transcript');
  tell({ event: 'final', text: answer.text });
}

/** @returns the body of a good answer */
async function post(path, headers, body) {
  try {
    const signal = AbortSignal.timeout(CALL_MS);
    const response = await fetch(`${given.api}/${path}`, { method: 'POST', headers, body, signal });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}
