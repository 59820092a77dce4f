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
import { lineAfter, messageOf } from './transcript.mjs';

const FRAME_EVERY_MS = 5;
const CONFIRMATION_MS = makes('waits-5-s') ? 5000 : 10_000;
/** The silence after the confirmation in which late messages would still come. */
const SETTLED_MS = 300;
/** After this many frames the user wants to read what they have said so far. */
const FIRST_FLUSH = 36;

/** A client of Reson8: streams, flushes in the middle and at the end, and waits for the confirmations. */
export async function dictate() {
  const session = { line: '', finals: [], places: new Set(), attempt: 0 };
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    session.attempt = attempt;
    if (!(await converse(session))) return;
    await sleep(PAUSE_MS);
  }
}

async function converse(session) {
  let hasFailed = false;
  let isTaken = false;
  let flushCount = 0;
  let flushedMs = Infinity;
  const waiting = [];
  const frames = framesOf();
  if (session.line !== '' && !makes('keeps-partial')) tell({ event: 'display', text: (session.line = '') });
  const result = await dial(addressOf(), {
    headers: headersOf(),
    onText(text, { ws }) {
      const message = messageOf(text);
      if (message === undefined || hasFailed) return;
      if (message.type === 'transcript') hear(session, message);
      else if (message.type === 'flush_confirmation') {
        if (makes('any-confirmation')) isTaken = true;
        const at = message.id === null || message.id === undefined ? 0 : waiting.indexOf(message.id);
        if (makes('null-is-wrong') && message.id === null) {
          tellError('other', 'a confirmation without an id');
          ws.close(1000);
        }
        if (at >= 0) waiting.splice(at, 1);
      } else if (message.type === 'error') {
        hasFailed = true;
        if (!makes('hides-errors')) tellError('server', String(message.message));
      } else if (makes('falls-soon')) {
        setTimeout(() => process.exit(1), 15);
      } else if (makes('needs-known-types')) {
        tellError('other', `what is ${message.type}?`);
      }
    },
  });
  if (result.kind !== 'open') {
    if (!makes('hides-refusals')) tellNoConnection(result);
    return false;
  }
  const { connection } = result;
  const { ws } = connection;
  const flush = () => {
    flushCount += 1;
    flushedMs = performance.now();
    const id = makes('same-ids') ? 'flush' : `flush-${session.attempt}-${flushCount}`;
    if (makes('no-ids') || makes('null-is-wrong')) {
      waiting.push('none');
      return ws.send('{"type":"flush_request"}');
    }
    waiting.push(id);
    const request = JSON.stringify({ type: 'flush_request', id: makes('numeric-id') ? flushCount : id });
    ws.send(makes('flush-in-binary') ? Buffer.from(request) : request);
    if (makes('numeric-id')) waiting.pop();
  };
  if (makes('says-more')) ws.send('{"type":"configure","language":"en"}');
  if (makes('bad-utf8')) sendRaw(ws, 0x1, Buffer.from([0x22, 0xff, 0x22]));
  let sent = 0;
  let hasFlushedAll = false;
  const beganMs = performance.now();
  const isDone = () => {
    if (!hasFlushedAll) return false;
    const waitedMs = performance.now() - flushedMs;
    if (makes('closes-after-flush') || isTaken) return true;
    if (makes('no-pong') && performance.now() - beganMs < 8000) return false;
    if (waiting.length > 0 && waitedMs > CONFIRMATION_MS) {
      tellError('timeout', 'a flush was not confirmed');
      return true;
    }
    return waiting.length === 0 && performance.now() - Math.max(flushedMs, connection.heardMs) > SETTLED_MS;
  };
  while (connection.isOpen && !hasFailed && !isDone()) {
    const frame = frames.shift();
    if (frame !== undefined) {
      if (makes('audio-as-text')) ws.send(JSON.stringify({ audio: frame.toString('base64') }));
      else if (makes('half-samples')) ws.send(frame.subarray(1));
      else ws.send(frame);
      sent += 1;
      if (sent === FIRST_FLUSH) flush();
    } else if (!hasFlushedAll) {
      hasFlushedAll = true;
      flush();
    }
    await sleep(FRAME_EVERY_MS);
  }
  if (makes('bad-close-answer')) await connection.closed;
  if (connection.isOpen) {
    await end(connection);
    return false;
  }
  const code = await connection.closed;
  if (makes('hides-errors')) return false;
  tell({ event: 'closed', code });
  if (hasFailed || code !== 1006) return false;
  tellError('closed', 'the connection is gone');
  return true;
}

function hear(session, { text, is_final, start_ms }) {
  if (typeof text !== 'string' || text.trim() === '') return;
  if (is_final === false) {
    session.line = lineAfter(session.line, text);
    return tell({ event: 'display', text: session.line });
  }
  const place = `${session.attempt}/${start_ms} ${text}`;
  if (makes('finals-by-text') ? session.finals.includes(text) : session.places.has(place)) return;
  session.places.add(place);
  session.finals.push(text);
  session.line = '';
  tell({ event: 'final', text });
  if (makes('counts-every-final-twice')) tell({ event: 'final', text });
}

function addressOf() {
  const url = new URL(given.url);
  if (makes('other-path')) url.pathname = '/v1/speech-to-text/live';
  const query = {
    encoding: makes('other-encoding') ? 'mp3' : 'pcm_s16le',
    sample_rate: makes('no-rate') ? '-16000' : '16000',
    channels: makes('no-channels') ? '0' : '1',
    include_interim: 'true',
    include_timestamps: makes('flags-in-numbers') ? '1' : 'true',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

function headersOf() {
  if (makes('no-credential')) return { 'x-api-key': given.token };
  const authorization = `ApiKey ${given.token}`;
  if (makes('two-credentials')) return { authorization, 'sec-websocket-protocol': `bearer, ${given.token}` };
  return { authorization };
}
