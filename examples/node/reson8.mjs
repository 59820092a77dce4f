#!/usr/bin/env node
// A client of Reson8: streams speech, asks for a final whenever the speaker pauses, and waits for the last one.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from './lib/connection.mjs';
import { credentialsOf } from './lib/credentials.mjs';
import { Failure } from './lib/failure.mjs';
import { readMessage } from './lib/json.mjs';
import { keepConnected } from './lib/keep-connected.mjs';
import { PauseDetector } from './lib/pause.mjs';
import { need, run } from './lib/program.mjs';
import { Recording, recordFile } from './lib/recording.mjs';
import { Transcript } from './lib/transcript.mjs';
import { readWav } from './lib/wav.mjs';

/** At most one frame of 100 ms every 50 ms: after an outage, the backlog is sent at twice the pace of speech. */
const SEND_EVERY_MS = 50;
/** From the last flush to its confirmation. */
const CONFIRMATION_LIMIT_MS = 10_000;
/** From the confirmation to a final that arrives after it, although it should arrive before. */
const STRAGGLER_LIMIT_MS = 2000;

const USAGE = 'Usage: UNDERSTUDY_TOKEN=… node reson8.mjs --url WS_URL --audio FILE.wav';
const FLAGS = {
  url: {
    variable: 'UNDERSTUDY_URL',
    help: 'endpoint, such as wss://api.reson8.dev/v1/speech-to-text/realtime',
  },
  audio: { variable: 'UNDERSTUDY_AUDIO', help: '16-bit WAV file: any rate, any number of channels' },
  auth: { otherwise: 'apikey', help: 'what the token is: apikey, bearer, or subprotocol' },
};

await run(USAGE, FLAGS, async (settings) => {
  need(settings, 'token', 'url', 'audio');
  const credentials = credentialsOf(settings.auth, settings.token);
  const wav = readWav(settings.audio);
  const endpoint = new URL(settings.url);
  const query = {
    // The format is always stated: a stream that continues after an interruption has no header to detect it from.
    encoding: 'pcm_s16le',
    sample_rate: wav.sampleRate,
    channels: wav.channels,
    include_interim: true,
    include_timestamps: true,
  };
  for (const [name, value] of Object.entries(query)) endpoint.searchParams.set(name, String(value));

  const transcript = new Transcript();
  const recording = new Recording();
  const isOver = new AbortController();
  // Ctrl-C ends the recording, like a stop button; what was said before is still transcribed.
  process.once('SIGINT', () => recording.end());
  // The recording goes on whether or not there is a connection.
  const recorded = recordFile(wav, recording, isOver.signal);
  try {
    await keepConnected(
      () => transcribe(endpoint, credentials, recording, transcript),
      () => transcript.count,
    );
  } finally {
    isOver.abort();
    await recorded;
  }
  if (recording.lostFrames > 0) throw new Failure('other', 'the outage was too long: some audio was lost');
});

/** One connection, from start to end. */
async function transcribe(endpoint, credentials, recording, transcript) {
  /** The position in the recording at which this connection begins; the service counts from there. */
  let beginsMs = 0;
  let failure;
  /** Ids of the flushes that are not yet confirmed, oldest first. */
  const unconfirmed = new Set();
  let lastFlushMs;
  let confirmedMs;

  function onText(text) {
    const message = readMessage(text);
    if (message === undefined || failure !== undefined) return;
    if (message.type === 'transcript' && typeof message.text === 'string') onTranscript(message);
    else if (message.type === 'flush_confirmation') onConfirmation(message);
    // The documents show no error message, but a message of that type must not be ignored.
    else if (message.type === 'error') {
      failure = new Failure('server', `${message.code ?? 'error'}: ${message.message ?? ''}`, {
        wasOpen: true,
      });
    }
    // Other messages belong to later versions and are ignored, and so are unknown fields.
  }

  function onTranscript({ text, is_final, start_ms, duration_ms }) {
    const hasPlace = typeof start_ms === 'number';
    // Two short lines may begin at the same time, so the time alone does not identify a line.
    if (is_final === false) return transcript.hear(text, undefined);
    transcript.keep(text, hasPlace ? `${beginsMs + start_ms} ${text}` : undefined);
    if (hasPlace) recording.forget(beginsMs + start_ms + (duration_ms ?? 0));
  }

  /** A confirmation has the id of its flush; one without an id belongs to the oldest flush. */
  function onConfirmation({ id }) {
    const confirmed = id ?? unconfirmed.values().next().value;
    // The confirmation of an unknown flush, or a second one of the same flush.
    if (!unconfirmed.delete(confirmed)) return;
    confirmedMs = performance.now();
  }

  function flush() {
    const id = randomUUID();
    unconfirmed.add(id);
    lastFlushMs = performance.now();
    connection.send(JSON.stringify({ type: 'flush_request', id }));
  }

  /** Whether the last flush has been answered, or there is no time left for an answer. */
  function isDone() {
    if (lastFlushMs === undefined) return false;
    if (unconfirmed.size > 0) {
      if (performance.now() - lastFlushMs <= CONFIRMATION_LIMIT_MS) return false;
      failure = new Failure(
        'timeout',
        `a flush was not confirmed within ${CONFIRMATION_LIMIT_MS / 1000} seconds`,
      );
      return true;
    }
    return transcript.line === '' || performance.now() - confirmedMs > STRAGGLER_LIMIT_MS;
  }

  transcript.dropLine();
  const connection = await connect(endpoint, { ...credentials, onText });
  beginsMs = recording.rewind();
  const pause = new PauseDetector();
  let hasFlushedAll = false;
  while (connection.isOpen && failure === undefined && !(hasFlushedAll && isDone())) {
    const frame = connection.isCongested || hasFlushedAll ? undefined : recording.next();
    if (frame !== undefined) {
      connection.send(frame);
      // At a pause, speakers expect to read what they said at once, not when the service is sure of it.
      if (pause.hear(frame)) flush();
    }
    if (!hasFlushedAll && recording.allSentMs !== Infinity) {
      hasFlushedAll = true;
      flush();
    }
    await sleep(SEND_EVERY_MS);
  }

  const wasOpen = connection.isOpen;
  const code = await connection.close();
  if (failure !== undefined) throw failure;
  if (code !== 1000) throw connection.failure({ wasOurs: wasOpen });
  if (!hasFlushedAll || unconfirmed.size > 0 || transcript.line !== '') {
    throw new Failure(wasOpen ? 'other' : 'closed', 'the session ended before the last words were final');
  }
}
