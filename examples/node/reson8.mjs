#!/usr/bin/env node
// A client of Reson8: streams what is said, asks for a final whenever the speaker pauses, and waits for the last one.

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

/** At most one frame of 100 ms every 50 ms: after an outage, what was said meanwhile is sent at twice its pace. */
const SEND_EVERY_MS = 50;
/** From the last flush to its confirmation. */
const CONFIRMATION_LIMIT_MS = 10_000;
/** From the confirmation to a final that comes after it, although it should come before. */
const STRAGGLER_LIMIT_MS = 2000;

const USAGE = 'Usage: UNDERSTUDY_TOKEN=… node reson8.mjs --url WS_URL --audio FILE.wav';
const FLAGS = {
  url: {
    variable: 'UNDERSTUDY_URL',
    help: 'endpoint, such as wss://api.reson8.dev/v1/speech-to-text/realtime',
  },
  audio: { variable: 'UNDERSTUDY_AUDIO', help: 'WAV file: 16 bit, any rate, any number of channels' },
  auth: { otherwise: 'apikey', help: 'what the token is: apikey, bearer, or subprotocol' },
};

await run(USAGE, FLAGS, async (settings) => {
  need(settings, 'token', 'url', 'audio');
  const credentials = credentialsOf(settings.auth, settings.token);
  const wav = readWav(settings.audio);
  const endpoint = new URL(settings.url);
  const query = {
    // Nothing is left to guessing: an interrupted stream goes on in the middle, where there is no header.
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
  // Ctrl-C is the button that ends the recording; what was said before it is still transcribed.
  process.once('SIGINT', () => recording.end());
  // The recording goes on whether there is a connection or not.
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

/** One connection, from its opening to its end. */
async function transcribe(endpoint, credentials, recording, transcript) {
  /** Where in the recording this connection begins; the service counts from there. */
  let beginsMs = 0;
  let failure;
  /** Ids of the flushes that are not confirmed yet, the oldest first. */
  const unconfirmed = new Set();
  let lastFlushMs;
  let confirmedMs;

  function onText(text) {
    const message = readMessage(text);
    if (message === undefined || failure !== undefined) return;
    if (message.type === 'transcript' && typeof message.text === 'string') onTranscript(message);
    else if (message.type === 'flush_confirmation') onConfirmation(message);
    // The documents show no error message. Whatever calls itself one is not ignored.
    else if (message.type === 'error') {
      failure = new Failure('server', `${message.code ?? 'error'}: ${message.message ?? ''}`, {
        wasOpen: true,
      });
    }
    // Everything else is news of a later version, and so are fields that are not read here.
  }

  function onTranscript({ text, is_final, start_ms, duration_ms }) {
    const hasPlace = typeof start_ms === 'number';
    // Two short lines may begin at the same time, so that the time alone is not a place.
    if (is_final === false) return transcript.hear(text, undefined);
    transcript.keep(text, hasPlace ? `${beginsMs + start_ms} ${text}` : undefined);
    if (hasPlace) recording.forget(beginsMs + start_ms + (duration_ms ?? 0));
  }

  /** Confirmations have the id of their flush; one without an id is meant for the oldest flush. */
  function onConfirmation({ id }) {
    const confirmed = id ?? unconfirmed.values().next().value;
    // Of a flush that we know nothing of, or the second one of the same.
    if (!unconfirmed.delete(confirmed)) return;
    confirmedMs = performance.now();
  }

  function flush() {
    const id = randomUUID();
    unconfirmed.add(id);
    lastFlushMs = performance.now();
    connection.send(JSON.stringify({ type: 'flush_request', id }));
  }

  /** Whether the last flush is answered, or there is no hope any more that it gets so. */
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
      // Who pauses expects to read what they said, without waiting for the service to be sure of it.
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
