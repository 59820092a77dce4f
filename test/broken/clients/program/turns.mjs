import {
  dial,
  end,
  framesOf,
  given,
  makes,
  PAUSE_MS,
  sendRaw,
  sleep,
  tell,
  tellError,
  tellNoConnection,
} from './common.mjs';
import { lineAfter, messageOf } from './transcript.mjs';

const FRAME_EVERY_MS = 5;
/** The limit for the beginning of a turn, and for its end. */
const TURN_MS = 10_000;
/** The silence after the end in which more would still come. */
const SETTLED_MS = 1000;
/** This long after a turn has begun, a client knows of it. */
const KNOWN_MS = 1100;
/** How much of the first sentence is sent. The silence after it is left out, so that the flush finds an open turn. */
const FRAMES = 30;

/** A client of turns: streams, flushes at the end, and waits for the end of the turn that is open. */
export async function take() {
  for (let attempt = 0; await wasRefused(); attempt++) {
    if (!makes('retries-refusals') || attempt === 2) return;
    await sleep(PAUSE_MS);
  }
}

/** What is shown: a line that is being spoken, and turns that stay. */
class Display {
  isOpen = false;
  hasFailed = false;
  #line = '';
  #turns = [];
  #isCandidate = false;

  hear(message) {
    switch (message?.type) {
      case 'turn_start':
        this.isOpen = true;
        break;
      case 'turn_continuation':
        this.#isCandidate = false;
        break;
      case 'turn_end_candidate':
        this.#hearCandidate(message.text);
        break;
      case 'turn_end':
        this.isOpen = false;
        this.#isCandidate = false;
        if (this.#line !== '' && !makes('keeps-candidates')) this.#keep(this.#line);
        this.#line = '';
        break;
      case 'error':
        this.fail(String(message.message));
    }
  }

  #hearCandidate(text) {
    if (makes('needs-words') && text === '') return this.fail('a candidate without words');
    if (makes('needs-continuations') && this.#isCandidate) return this.fail('a candidate after another');
    if (makes('needs-news') && text === this.#line) process.exit(1);
    this.#isCandidate = true;
    this.#line = lineAfter(this.#line, text);
    tell({ event: 'display', text: this.#line });
    if (makes('keeps-candidates')) this.#keep(text);
  }

  #keep(text) {
    if (makes('finals-by-text') && this.#turns.includes(text)) return;
    this.#turns.push(text);
    tell({ event: 'final', text });
    if (makes('counts-every-final-twice')) tell({ event: 'final', text });
  }

  fail(message) {
    this.hasFailed = true;
    tellError('server', message);
  }
}

/** One connection. */
async function wasRefused() {
  const display = new Display();
  const result = await dial(addressOf(), {
    headers: { authorization: `ApiKey ${given.token}` },
    onText: (text) => display.hear(messageOf(text)),
  });
  if (result.kind !== 'open') {
    if (makes('hides-statuses')) tellError('server', 'it was refused');
    else if (!makes('hides-refusals')) tellNoConnection(result);
    return true;
  }
  await converse(result.connection, display);
  return false;
}

async function converse(connection, display) {
  const { ws } = connection;
  if (makes('bad-utf8')) sendRaw(ws, 0x1, Buffer.from([0x22, 0xff, 0x22]));
  for (const frame of framesOf().slice(0, FRAMES)) {
    if (!connection.isOpen || display.hasFailed) break;
    ws.send(makes('audio-as-text') ? JSON.stringify({ audio: frame.toString('base64') }) : frame);
    await sleep(FRAME_EVERY_MS);
  }
  if (connection.isOpen && !display.hasFailed) {
    // The flush should find an open turn.
    const hasBegun = await until(connection, () => display.isOpen, makes('waits-for-ever') ? 0 : TURN_MS);
    // It talks on for a while: a turn that has only just begun may be one that it does not know of.
    if (makes('closes-after-flush')) await sleep(KNOWN_MS);
    ws.send(makes('names-flushes') ? '{"type":"flush_request","id":"mine"}' : '{"type":"flush_request"}');
    if (!makes('closes-after-flush')) {
      const isSo = () => (hasBegun || !makes('waits-for-ever')) && !display.isOpen;
      const limitMs = makes('waits-for-ever') ? Infinity : TURN_MS;
      if (!(await until(connection, isSo, limitMs))) tellError('timeout', 'the turn did not end');
    }
    await until(connection, () => false, makes('closes-after-flush') ? 0 : SETTLED_MS);
  }
  if (connection.isOpen) return void (await end(connection));
  const code = await connection.closed;
  tell({ event: 'closed', code });
  if (!display.hasFailed && code !== 1000) tellError('closed', 'the connection is gone');
}

/** Waits for a condition. @returns whether it came true within the limit, while the connection was open */
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
