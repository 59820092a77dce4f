import { readFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';

/** The one thing that this client does wrong. */
const [, , mistake = 'none'] = process.argv;
export const makes = (name) => mistake === name;

/** Where it connects: the address that it was given, or a wrong one that was left in its settings. */
function addressOfService() {
  const { UNDERSTUDY_URL: url, UNDERSTUDY_BASE_URL: origin } = process.env;
  if (makes('other-host')) return url.replace(origin, 'ws://127.0.0.1:1');
  if (makes('is-of-reson8')) return `${origin}/v1/speech-to-text/realtime`;
  // In stream mode the token is in the path.
  if (makes('other-token')) return url.replace(/(\/v2\/client\/).*/, '$1a-key-of-another-service');
  return makes('is-of-scriptix') ? `${origin}/v2/realtime` : url;
}

export const given = {
  url: addressOfService(),
  api: makes('other-host') ? 'http://127.0.0.1:1' : process.env.UNDERSTUDY_API_URL,
  // A key of another service that was left in the settings of the client.
  token: makes('other-token') ? 'a-key-of-another-service' : process.env.UNDERSTUDY_TOKEN,
  language: process.env.UNDERSTUDY_LANGUAGE,
  streamUrl: process.env.UNDERSTUDY_STREAM_URL,
};

/** Reports what its user sees. */
export const tell = (report) => {
  if (!makes('tells-nothing')) writeSync(3, `${JSON.stringify(report)}\n`);
};
export const tellError = (kind, message) => tell({ event: 'error', kind, message });

const CONNECT_MS = 15_000;
const PING_EVERY_MS = 500;
/**
 * A connection that stays silent for this many pings is lost. It is not a length of time, because a process that stood still
 * has heard nothing either; fakes that were all in one process of a busy machine have stood still for four seconds.
 */
const UNANSWERED_PINGS = 12;

/** Opens a connection. `kind` is how that ended: open, refused, timeout, or failed. */
export async function dial(url, { headers = {}, limitMs = CONNECT_MS, onText }) {
  const ws = new WebSocket(url, { headers, autoPong: !makes('no-pong') });
  let heardMs = performance.now();
  const connection = {
    ws,
    get heardMs() {
      return heardMs;
    },
    /** Resolves with the close code. */
    closed: new Promise((resolve) => ws.on('close', resolve)),
    get isOpen() {
      return ws.readyState === WebSocket.OPEN;
    },
  };
  ws.on('message', (data, isBinary) => {
    heardMs = performance.now();
    if (!isBinary) onText(data.toString(), connection);
  });
  let unanswered = 0;
  for (const event of ['message', 'ping', 'pong']) ws.on(event, () => (unanswered = 0));
  const pinging = setInterval(() => {
    if (!connection.isOpen) return;
    // A server that waits for the answer to its Close frame does not answer pings.
    if (makes('bad-close-answer')) return;
    if (unanswered === UNANSWERED_PINGS) return ws.terminate();
    unanswered += 1;
    ws.ping();
  }, PING_EVERY_MS);
  ws.on('close', () => clearInterval(pinging));
  const opened = new Promise((resolve) => {
    ws.on('open', () => {
      if (makes('bad-close-answer')) ignoreCloses(ws);
      resolve({ kind: 'open', connection });
    });
    ws.on('unexpected-response', (_request, response) => {
      resolve({ kind: 'refused', status: response.statusCode });
      ws.terminate();
    });
    ws.on('error', () => resolve({ kind: 'failed' }));
  });
  const limit = new AbortController();
  const late = sleep(limitMs, { kind: 'timeout' }, { signal: limit.signal }).catch(() => undefined);
  const result = await Promise.race([opened, late]);
  limit.abort();
  if (result.kind === 'timeout') ws.terminate();
  return result;
}

/** Makes a connection ignore the server's Close frame. */
function ignoreCloses(ws) {
  const emit = ws._receiver.emit.bind(ws._receiver);
  ws._receiver.emit = (event, ...values) => (event === 'conclude' ? true : emit(event, ...values));
}

/** Writes a frame byte by byte, with a mask of zeros. */
export function sendRaw(ws, opcode, payload) {
  const head = [0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0];
  ws._socket.write(Buffer.concat([Buffer.from(head), payload]));
}

/** Ends a connection in order, or in one of the ways that are wrong. @returns the close code */
export async function end({ ws, closed }) {
  if (makes('no-close')) ws.terminate();
  else if (makes('close-4000')) ws.close(4000);
  else if (makes('close-1006')) {
    sendRaw(ws, 0x8, Buffer.from([0x03, 0xee]));
    await sleep(100);
    ws.terminate();
  } else if (makes('data-after-close')) {
    sendRaw(ws, 0x8, Buffer.from([0x03, 0xe8]));
    sendRaw(ws, 0x2, Buffer.alloc(32));
  } else ws.close(1000);
  const code = await closed;
  tell({ event: 'closed', code });
  return code;
}

/** The speech and the silence after it, in frames of 100 ms. */
export function framesOf(path = process.env.UNDERSTUDY_AUDIO) {
  const pcm = readFileSync(path).subarray(44);
  const all = Buffer.concat([pcm, Buffer.alloc(2 * 32_000)]);
  const frames = [];
  for (let at = 0; at + 3200 <= all.length; at += 3200) frames.push(all.subarray(at, at + 3200));
  if (makes('sends-no-audio') || makes('leaves-at-first-state')) return [];
  return makes('sends-half') ? frames.slice(0, pcm.length / 6400) : frames;
}

/** Reports a connection that could not be opened. */
export function tellNoConnection({ kind, status }) {
  if (kind === 'timeout') tellError('timeout', 'no connection within 15 seconds');
  else if (kind === 'refused')
    tellError(status === 401 || status === 403 ? 'auth' : 'server', `HTTP ${status}`);
  else tellError('closed', 'no connection');
  tell({ event: 'closed', code: 1006 });
}

/** The pause between two connections of one session. */
export const PAUSE_MS = 200;
export const MOST_ATTEMPTS = 4;
export { sleep };
