// Live captions in a page: Scriptix or Reson8, from the microphone or from a WAV file.
// The page's own URL may hold the settings: ?service=…&url=…&token=…&audio=…&language=…

/** How long opening a connection may take (S2:27). Browsers have limits of their own, which differ. */
const CONNECT_LIMIT_MS = 15_000;
/** How long the service may take to answer our Close frame. */
const CLOSE_LIMIT_MS = 5000;
/** Audio in each frame. */
const FRAME_MS = 100;
/**
 * At most two frames are sent for each frame recorded: after an outage, the backlog is sent at twice the pace of
 * speech.
 */
const MOST_SENT_AT_ONCE = 2;
/** How often the state of the connection is checked while nothing is being recorded. */
const LOOK_EVERY_MS = 500;
/** At most this much is kept while it is not final: one minute. */
const MOST_FRAMES = 600;
/** A page cannot send pings. A service that answers nothing to this much speech is treated as gone. */
const MOST_UNANSWERED_FRAMES = 150;
/** A frame whose mean square is below this is not speech (about -40 dB of full scale). */
const QUIET_POWER = 0.0001;
/**
 * Limits after the last words: for the service to start listening, for the last line to become final, and for further
 * lines to arrive.
 */
const LISTENING_LIMIT_MS = 15_000;
const LAST_FINAL_LIMIT_MS = 10_000;
const SETTLED_MS = 3000;
/** Limits for the confirmation of a flush, and for a final that arrives after it. */
const CONFIRMATION_LIMIT_MS = 10_000;
const STRAGGLER_LIMIT_MS = 2000;
/**
 * At most this many connections in a row without a result. A page cannot tell a refused token from a busy service, so
 * the number is low.
 */
const MOST_RETRIES = 3;
const FIRST_PAUSE_MS = 500;
const PASSING_CODES = [1001, 1006, 1011, 1012, 1013];

// ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────

const at = (id) => document.getElementById(id);
const form = at('settings');
for (const [name, value] of new URLSearchParams(location.search)) {
  if (form.elements[name] !== undefined) form.elements[name].value = value;
}

/** Everything that the user was shown, for the test that drives the page. */
window.reports = [];

const user = {
  state(state) {
    at('state').value = state;
    report({ event: 'state', state });
  },
  /** The line that is still being spoken. It replaces the previous one. */
  display(text) {
    at('line').textContent = text;
    report({ event: 'display', text });
  },
  /** A line that will not change again. The line that was being spoken is now empty. */
  final(text) {
    at('line').textContent = '';
    at('finals').append(Object.assign(document.createElement('li'), { textContent: text }));
    report({ event: 'final', text });
  },
  error({ kind, message }) {
    at('error').textContent = message;
    report({ event: 'error', kind, message });
  },
  closed(code) {
    at('state').value = `closed (${code})`;
    report({ event: 'closed', code });
  },
};

function report(event) {
  window.reports.push(event);
  console.log(JSON.stringify(event));
}

form.onsubmit = async (event) => {
  event.preventDefault();
  at('start').disabled = true;
  at('finals').replaceChildren();
  at('error').textContent = '';
  try {
    await caption(Object.fromEntries(new FormData(form)));
  } catch (error) {
    user.error(error instanceof Failure ? error : { kind: 'other', message: String(error) });
    throw error;
  } finally {
    at('start').disabled = false;
    at('stop').disabled = true;
    document.body.dataset.over = 'true';
  }
};

async function caption(settings) {
  const transcript = new Transcript();
  const recording = new Recording();
  const stopAudio = await record(settings.audio, recording);
  at('stop').disabled = false;
  at('stop').onclick = () => recording.end();
  const converse = { scriptix: withScriptix, reson8: withReson8 }[settings.service];
  try {
    await keepConnected(() => converse(settings, recording, transcript), transcript);
  } finally {
    await stopAudio();
  }
  if (recording.lostFrames > 0) throw new Failure('other', 'the outage was too long: some audio was lost');
}

/** Why a session did not end normally. */
class Failure extends Error {
  constructor(kind, message, { mayRetry = false, wasOpen = false } = {}) {
    super(message);
    Object.assign(this, { kind, mayRetry, wasOpen });
  }
}

// ── Audio ────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Runs in the browser's audio thread: cuts the audio into frames of 100 ms (16 kHz, mono, signed 16 bit,
 * little-endian).
 */
const WORKLET = `
  registerProcessor('frames', class extends AudioWorkletProcessor {
    frame = new DataView(new ArrayBuffer(3200));
    count = 0;
    process([[samples = new Float32Array(128)]]) {
      for (const sample of samples) {
        this.frame.setInt16(2 * this.count, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true);
        this.count += 1;
        if (this.count < 1600) continue;
        this.port.postMessage(this.frame.buffer.slice(0));
        this.count = 0;
      }
      return true;
    }
  });
`;

/** Records the microphone, or a file and the silence that follows it. @returns a function that stops it */
async function record(audio, recording) {
  const context = new AudioContext({ sampleRate: 16_000 });
  const module = URL.createObjectURL(new Blob([WORKLET], { type: 'text/javascript' }));
  await context.audioWorklet.addModule(module);
  const frames = new AudioWorkletNode(context, 'frames', {
    numberOfOutputs: 0,
    channelCount: 1,
    channelCountMode: 'explicit',
  });
  let tracks = [];
  if (audio) {
    const file = await fetch(audio);
    if (!file.ok) throw new Error(`${audio} cannot be fetched: ${file.status}`);
    const source = new AudioBufferSourceNode(context, {
      buffer: await context.decodeAudioData(await file.arrayBuffer()),
    });
    source.onended = () => recording.end();
    source.connect(frames);
    source.start();
  } else {
    const media = await navigator.mediaDevices.getUserMedia({ audio: true });
    tracks = media.getTracks();
    context.createMediaStreamSource(media).connect(frames);
  }
  frames.port.onmessage = ({ data }) =>
    recording.add(recording.hasEnded ? new ArrayBuffer(data.byteLength) : data);
  return async () => {
    for (const track of tracks) track.stop();
    URL.revokeObjectURL(module);
    await context.close();
  };
}

/** The mean square of a frame, from 0 to 1. */
function powerOf(frame) {
  const samples = new Int16Array(frame);
  return samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length;
}

/**
 * The audio that was recorded and is not final yet. A connection can break at any time. Audio that the service has not
 * made final by then is sent again on the next connection, followed by the audio that was recorded in between.
 */
class Recording {
  #frames = [];
  #first = 0;
  #next = 0;
  #end = Infinity;
  #wake = () => {};
  /** When the last audio that may contain speech was sent; Infinity before that. */
  allSentMs = Infinity;
  lostFrames = 0;

  get hasEnded() {
    return this.#end !== Infinity;
  }

  add(frame) {
    this.#wake();
    this.#frames.push(frame);
    if (this.#frames.length <= MOST_FRAMES) return;
    this.#frames.shift();
    this.#first += 1;
    if (this.#next >= this.#first) return;
    this.#next = this.#first;
    this.lostFrames += 1;
  }

  /**
   * Resolves when a frame has been recorded. Audio sets the pace of everything here, not a timer, because browsers slow
   * down the timers of a page in the background to once a second.
   */
  added() {
    return Promise.race([new Promise((resolve) => (this.#wake = resolve)), sleep(LOOK_EVERY_MS)]);
  }

  /** Everything added from now on is silence. */
  end() {
    this.#end = Math.min(this.#end, this.#first + this.#frames.length);
    this.#look();
  }

  next() {
    const frame = this.#frames[this.#next - this.#first];
    if (frame === undefined) return undefined;
    this.#next += 1;
    this.#look();
    return frame;
  }

  #look() {
    if (this.#next >= this.#end && this.allSentMs === Infinity) this.allSentMs = performance.now();
  }

  /** A new connection begins. @returns the position in the recording at which it begins, in ms */
  rewind() {
    this.#next = this.#first;
    this.allSentMs = Infinity;
    return this.#first * FRAME_MS;
  }

  /** Everything before this position is final. */
  forget(beforeMs) {
    const upTo = Math.min(Math.floor(beforeMs / FRAME_MS), this.#next);
    if (!(upTo > this.#first)) return;
    this.#frames.splice(0, upTo - this.#first);
    this.#first = upTo;
  }
}

// ── Text ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * The final lines, identified by their position because people do say "yes" twice, and the line that is still being
 * spoken.
 */
class Transcript {
  #places = new Set();
  count = 0;
  line = '';

  hear(text, place) {
    // Too late: this line is already final.
    if (place !== undefined && this.#places.has(place)) return;
    this.line = text;
    user.display(text);
  }

  keep(text, place) {
    // The same line again. A final line does not change, even if the text is now different.
    if (place !== undefined && this.#places.has(place)) return;
    this.#places.add(place);
    this.count += 1;
    this.line = '';
    user.final(text);
  }

  /** The connection is gone, so this line will never become final. */
  dropLine() {
    if (this.line === '') return;
    this.line = '';
    user.display('');
  }
}

function readMessage(text) {
  try {
    const message = JSON.parse(text);
    if (typeof message === 'object' && message !== null) return message;
  } catch {
    // Not JSON: ignored.
  }
  return undefined;
}

// ── Connections ──────────────────────────────────────────────────────────────────────────────────────────────────

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A WebSocket with a limit on every wait. */
class Connection {
  #ws;
  #unanswered = 0;
  closeCode;

  static async open(url, protocols, onText) {
    const connection = new Connection(new WebSocket(url, protocols), onText);
    const until = performance.now() + CONNECT_LIMIT_MS;
    while (connection.#ws.readyState === WebSocket.CONNECTING && performance.now() < until) await sleep(20);
    if (connection.isOpen) return connection;
    const isLate = connection.#ws.readyState === WebSocket.CONNECTING;
    await connection.close();
    if (isLate)
      throw new Failure('timeout', 'the connection was not established within 15 seconds', {
        mayRetry: true,
      });
    // Browsers deliberately give a page no more detail than this.
    throw new Failure('closed', 'no connection: the token is refused, or the service cannot be reached', {
      mayRetry: true,
    });
  }

  constructor(ws, onText) {
    this.#ws = ws;
    ws.onmessage = ({ data }) => {
      this.#unanswered = 0;
      if (typeof data === 'string') onText(data);
    };
    ws.onclose = ({ code }) => this.#ended(code);
  }

  #ended(code) {
    if (this.closeCode !== undefined) return;
    this.closeCode = code;
    this.#ws.onmessage = null;
    user.closed(code);
  }

  get isOpen() {
    return this.#ws.readyState === WebSocket.OPEN;
  }

  get #isCongested() {
    return this.#ws.bufferedAmount > 65_536;
  }

  get isDeaf() {
    return this.#unanswered > MOST_UNANSWERED_FRAMES;
  }

  sendRecorded(recording) {
    for (let count = 0; count < MOST_SENT_AT_ONCE && this.isOpen && !this.#isCongested; count++) {
      const frame = recording.next();
      if (frame === undefined) return;
      if (powerOf(frame) >= QUIET_POWER) this.#unanswered += 1;
      this.#ws.send(frame);
    }
  }

  sendCommand(command) {
    this.#ws.send(JSON.stringify(command));
  }

  /** @returns the close code; 1006 if the service does not answer */
  async close() {
    this.#ws.close(1000);
    const until = performance.now() + (this.isDeaf ? 0 : CLOSE_LIMIT_MS);
    while (this.closeCode === undefined && performance.now() < until) await sleep(20);
    this.#ended(1006);
    return this.closeCode;
  }
}

/** Closes a connection. Throws unless it ended normally and everything is final. */
async function finish(connection, { failure, isComplete }) {
  const { isDeaf, isOpen } = connection;
  const code = await connection.close();
  if (failure !== undefined) throw failure;
  if (code !== 1000) {
    const why = isDeaf ? 'the service does not answer any more' : 'the connection ended';
    const mayRetry = PASSING_CODES.includes(code) && (isDeaf || !isOpen);
    throw new Failure('closed', `${why} (${code})`, { mayRetry, wasOpen: true });
  }
  if (!isComplete()) {
    throw new Failure(isOpen ? 'other' : 'closed', 'the session ended before the last words were final');
  }
}

/** Runs one conversation after another until one ends normally, with a longer pause after each failure. */
async function keepConnected(converse, transcript) {
  let failures = 0;
  let wasEverOpen = false;
  for (;;) {
    const before = transcript.count;
    try {
      return await converse();
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      wasEverOpen ||= failure.wasOpen;
      failures = transcript.count > before ? 1 : failures + 1;
      if (!failure.mayRetry || !wasEverOpen || failures > MOST_RETRIES) throw failure;
      user.error(failure);
      transcript.dropLine();
      await sleep(FIRST_PAUSE_MS * 2 ** (failures - 1) * (0.75 + Math.random() / 2));
    }
  }
}

// ── Scriptix ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** The token is a query parameter, because a page cannot set headers of a WebSocket (S0:31). */
async function withScriptix({ url, token, language }, recording, transcript) {
  const endpoint = new URL(url);
  endpoint.searchParams.set('token', token);
  endpoint.searchParams.set('type', 'fast');
  if (language) endpoint.searchParams.set('language', language);

  let beginsMs = 0;
  let state = '';
  let failure;
  let heardMs = performance.now();

  function onText(text) {
    const message = readMessage(text);
    // Messages after an error are ignored.
    if (message === undefined || failure !== undefined) return;
    if (typeof message.error === 'string') failure = new Failure('server', message.error);
    else if (typeof message.state === 'string') {
      user.state(message.state);
      // A repeated state is a keep-alive.
      if (message.state !== state) heardMs = performance.now();
      state = message.state;
    } else if (typeof message.text === 'string' && typeof message.is_final === 'boolean') onResult(message);
  }

  function onResult({ text, is_final, offset_ms, words }) {
    heardMs = performance.now();
    state = 'listening';
    const placeMs = Number.isInteger(offset_ms) ? beginsMs + offset_ms : undefined;
    if (!is_final) return transcript.hear(text, placeMs);
    transcript.keep(text, placeMs);
    // Word times count from the offset of their line (S0:61-63).
    const endMs = Array.isArray(words) ? Number(words.at(-1)?.[2] ?? 0) : 0;
    if (placeMs !== undefined) recording.forget(placeMs + endMs);
  }

  function isDone() {
    const quietMs = performance.now() - Math.max(heardMs, recording.allSentMs);
    if (state !== 'listening') {
      if (quietMs > LISTENING_LIMIT_MS)
        failure = new Failure('timeout', 'the service did not start listening');
      return false;
    }
    return quietMs > (transcript.line === '' ? SETTLED_MS : LAST_FINAL_LIMIT_MS);
  }

  const connection = await Connection.open(endpoint, [], onText);
  connection.sendCommand({ action: 'start' });
  beginsMs = recording.rewind();
  while (connection.isOpen && !connection.isDeaf && failure === undefined && !isDone()) {
    connection.sendRecorded(recording);
    await recording.added();
  }
  const isComplete = () => recording.allSentMs !== Infinity && transcript.line === '';
  await finish(connection, { failure, isComplete });
}

// ── Reson8 ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The token is a subprotocol, because a page cannot set headers of a WebSocket (S4:15). */
async function withReson8({ url, token }, recording, transcript) {
  const endpoint = new URL(url);
  const query = {
    encoding: 'pcm_s16le',
    sample_rate: 16_000,
    channels: 1,
    include_interim: true,
    include_timestamps: true,
  };
  for (const [name, value] of Object.entries(query)) endpoint.searchParams.set(name, value);

  let beginsMs = 0;
  let failure;
  /** The flush after the last words: its id, when it was sent and when it was confirmed. */
  let flush;

  function onText(text) {
    const message = readMessage(text);
    if (message === undefined || failure !== undefined) return;
    if (message.type === 'transcript' && typeof message.text === 'string') onTranscript(message);
    else if (message.type === 'flush_confirmation') {
      // A confirmation without an id can only refer to the one flush there is.
      if (flush !== undefined && (message.id ?? flush.id) === flush.id)
        flush.confirmedMs ??= performance.now();
    }
    // The documents show no error message, but a message of that type must not be ignored.
    else if (message.type === 'error') failure = new Failure('server', `${message.code}: ${message.message}`);
  }

  function onTranscript({ text, is_final, start_ms, duration_ms }) {
    if (is_final === false) return transcript.hear(text, undefined);
    const hasPlace = typeof start_ms === 'number';
    // Two short lines may begin at the same time, so the time alone does not identify a line.
    transcript.keep(text, hasPlace ? `${beginsMs + start_ms} ${text}` : undefined);
    if (hasPlace) recording.forget(beginsMs + start_ms + (duration_ms ?? 0));
  }

  function isDone() {
    if (flush === undefined) return false;
    if (flush.confirmedMs !== undefined) {
      return transcript.line === '' || performance.now() - flush.confirmedMs > STRAGGLER_LIMIT_MS;
    }
    if (performance.now() - flush.sentMs > CONFIRMATION_LIMIT_MS) {
      failure = new Failure('timeout', 'the flush was not confirmed within 10 seconds');
    }
    return false;
  }

  const connection = await Connection.open(endpoint, ['bearer', token], onText);
  user.state('connected');
  beginsMs = recording.rewind();
  while (connection.isOpen && !connection.isDeaf && failure === undefined && !isDone()) {
    if (flush === undefined) connection.sendRecorded(recording);
    if (flush === undefined && recording.allSentMs !== Infinity) {
      flush = { id: `end-${beginsMs}`, sentMs: performance.now() };
      connection.sendCommand({ type: 'flush_request', id: flush.id });
    }
    await recording.added();
  }
  await finish(connection, {
    failure,
    isComplete: () => flush?.confirmedMs !== undefined && transcript.line === '',
  });
}
