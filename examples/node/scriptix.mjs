#!/usr/bin/env node
// A client of Scriptix in microphone mode: streams speech, shows it while it is being spoken, and keeps what is final.

import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from './lib/connection.mjs';
import { Failure, UsageError } from './lib/failure.mjs';
import { readMessage } from './lib/json.mjs';
import { keepConnected } from './lib/keep-connected.mjs';
import { need, run } from './lib/program.mjs';
import { Recording, recordFile } from './lib/recording.mjs';
import { user } from './lib/report.mjs';
import { readyEndpoint } from './lib/service.mjs';
import { Transcript } from './lib/transcript.mjs';
import { readWav } from './lib/wav.mjs';

/** At most one frame of 100 ms every 50 ms: after an outage, the backlog is sent at twice the pace of speech. */
const SEND_EVERY_MS = 50;
/** After the last words: how long the service may take to start listening at all. */
const LISTENING_LIMIT_MS = 15_000;
/** After the last words: how long the last line may take to become final. */
const LAST_FINAL_LIMIT_MS = 10_000;
/** After the last words, with everything final: how long to wait for further lines. */
const SETTLED_MS = 3000;

const USAGE = 'Usage: UNDERSTUDY_TOKEN=… node scriptix.mjs --url WS_URL --audio FILE.wav';
const FLAGS = {
  url: { variable: 'UNDERSTUDY_URL', help: 'endpoint, such as wss://realtime.scriptix.io/v2/realtime' },
  'api-url': {
    variable: 'UNDERSTUDY_API_URL',
    help: 'initialize the service first, and connect where it says',
  },
  audio: { variable: 'UNDERSTUDY_AUDIO', help: 'WAV file: 16 kHz, mono, 16 bit' },
  language: { variable: 'UNDERSTUDY_LANGUAGE', help: 'such as en; detected without it' },
  type: { otherwise: 'fast', help: 'fast or quality' },
};

await run(USAGE, FLAGS, async (settings) => {
  need(settings, 'token', 'audio');
  if (settings['api-url'] === undefined) need(settings, 'url');
  const wav = readWav(settings.audio);
  if (wav.sampleRate !== 16_000 || wav.channels !== 1) throw new UsageError('expected 16 kHz, mono');

  const endpoint =
    settings['api-url'] === undefined
      ? new URL(settings.url)
      : await readyEndpoint(settings['api-url'], process.env.UNDERSTUDY_ADMIN_TOKEN || settings.token);
  endpoint.searchParams.set('type', settings.type);
  if (settings.language !== undefined) endpoint.searchParams.set('language', settings.language);

  const transcript = new Transcript();
  const recording = new Recording();
  const isOver = new AbortController();
  // Ctrl-C ends the recording, like a stop button; what was said before is still transcribed.
  process.once('SIGINT', () => recording.end());
  // The recording goes on whether or not there is a connection.
  const recorded = recordFile(wav, recording, isOver.signal);
  try {
    await keepConnected(
      () => transcribe(endpoint, settings.token, recording, transcript),
      () => transcript.count,
    );
  } finally {
    isOver.abort();
    await recorded;
  }
  if (recording.lostFrames > 0) throw new Failure('other', 'the outage was too long: some audio was lost');
});

/** One connection, from start to end. */
async function transcribe(endpoint, token, recording, transcript) {
  /** The position in the recording at which this connection begins; the service counts from there. */
  let beginsMs = 0;
  let state = '';
  let failure;
  let heardMs = performance.now();

  function onText(text) {
    const message = readMessage(text);
    // Messages after an error are ignored.
    if (message === undefined || failure !== undefined) return;
    if (typeof message.error === 'string') failure = new Failure('server', message.error, { wasOpen: true });
    else if (typeof message.state === 'string') onState(message.state);
    else if (typeof message.text === 'string' && typeof message.is_final === 'boolean') onResult(message);
    // Other messages belong to later versions and are ignored, and so are unknown fields.
  }

  function onState(next) {
    user.state(next);
    // A repeated state is a keep-alive.
    if (next !== state) heardMs = performance.now();
    state = next;
  }

  function onResult({ text, is_final, offset_ms, words }) {
    heardMs = performance.now();
    state = 'listening';
    const placeMs = Number.isInteger(offset_ms) ? beginsMs + offset_ms : undefined;
    if (!is_final) return transcript.hear(text, placeMs);
    transcript.keep(text, placeMs);
    // Word times count from the offset of their line (S0:61-63). Without words, the end of the line is unknown.
    const endMs = Array.isArray(words) ? Number(words.at(-1)?.[2] ?? 0) : 0;
    if (placeMs !== undefined) recording.forget(placeMs + endMs);
  }

  /** whether everything that was said is final, or there is no time left for it. */
  function isDone() {
    const quietMs = performance.now() - Math.max(heardMs, recording.allSentMs);
    if (state !== 'listening') {
      if (quietMs > LISTENING_LIMIT_MS)
        failure = new Failure('timeout', 'the service did not start listening');
      return false;
    }
    return quietMs > (transcript.line === '' ? SETTLED_MS : LAST_FINAL_LIMIT_MS);
  }

  transcript.dropLine();
  const connection = await connect(endpoint, { headers: { 'x-zoom-s2t-key': token }, onText });
  connection.send(JSON.stringify({ action: 'start' }));
  beginsMs = recording.rewind();
  while (connection.isOpen && failure === undefined && !isDone()) {
    const frame = connection.isCongested ? undefined : recording.next();
    if (frame !== undefined) connection.send(frame);
    await sleep(SEND_EVERY_MS);
  }

  const wasOpen = connection.isOpen;
  // Finals that arrive until the connection is closed still count.
  const code = await connection.close();
  if (failure !== undefined) throw failure;
  // If a line is not final and the service does not even answer the Close frame, the connection was lost.
  if (code !== 1000) throw connection.failure({ wasOurs: wasOpen && transcript.line === '' });
  if (recording.allSentMs === Infinity || transcript.line !== '') {
    throw new Failure(wasOpen ? 'other' : 'closed', 'the session ended before the last words were final');
  }
}
