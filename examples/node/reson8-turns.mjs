#!/usr/bin/env node
// A client of Reson8's turns: streams speech, shows each candidate for a turn, and keeps each turn that has ended.

import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from './lib/connection.mjs';
import { credentialsOf } from './lib/credentials.mjs';
import { Failure } from './lib/failure.mjs';
import { readMessage } from './lib/json.mjs';
import { keepConnected } from './lib/keep-connected.mjs';
import { need, run } from './lib/program.mjs';
import { Recording, recordFile } from './lib/recording.mjs';
import { Transcript } from './lib/transcript.mjs';
import { readWav } from './lib/wav.mjs';

/** At most one frame of 100 ms every 50 ms: after an outage, the backlog is sent at twice the pace of speech. */
const SEND_EVERY_MS = 50;
/** From the flush to the end of the open turn. */
const END_LIMIT_MS = 10_000;
/** From the flush to a turn if none is open: a flush with nothing buffered may get no answer at all. */
const ANSWER_LIMIT_MS = 3000;

const USAGE = 'Usage: UNDERSTUDY_TOKEN=… node reson8-turns.mjs --url WS_URL --audio FILE.wav';
const FLAGS = {
  url: {
    variable: 'UNDERSTUDY_URL',
    help: 'endpoint, such as wss://api.reson8.dev/v1/speech-to-text/turns',
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
      () => takeTurns(endpoint, credentials, recording, transcript),
      () => transcript.count,
    );
  } finally {
    isOver.abort();
    await recorded;
  }
  if (recording.lostFrames > 0) throw new Failure('other', 'the outage was too long: some audio was lost');
});

/** One connection, from start to end. */
async function takeTurns(endpoint, credentials, recording, transcript) {
  /** The position in the recording at which this connection begins; the service counts from there. */
  let beginsMs = 0;
  let failure;
  let isTurnOpen = false;
  /** The position in the recording at which the last candidate ends. */
  let heardMs = 0;
  let flushedMs;
  let hasEndedSinceFlush = false;

  function onText(text) {
    const message = readMessage(text);
    if (message === undefined || failure !== undefined) return;
    if (message.type === 'turn_start') isTurnOpen = true;
    else if (message.type === 'turn_end_candidate' && typeof message.text === 'string') onCandidate(message);
    else if (message.type === 'turn_end') onEnd();
    // The documents show no error message, but a message of that type must not be ignored.
    else if (message.type === 'error') {
      failure = new Failure('server', `${message.code ?? 'error'}: ${message.message ?? ''}`, {
        wasOpen: true,
      });
    }
    // A turn_continuation changes nothing: the next candidate has all of the turn. Other messages belong to later
    // versions and are ignored, and so are unknown fields.
  }

  /**
   * A candidate has the text of the whole turn, so it replaces the previous one. It may be empty, or repeat the same
   * text.
   */
  function onCandidate({ text, start_ms, duration_ms }) {
    isTurnOpen = true;
    transcript.hear(text);
    if (typeof start_ms === 'number') heardMs = beginsMs + start_ms + (duration_ms ?? 0);
  }

  /** Every turn counts, even if its text repeats: people do say "yes" twice. */
  function onEnd() {
    isTurnOpen = false;
    hasEndedSinceFlush = flushedMs !== undefined;
    if (transcript.line !== '') transcript.keep(transcript.line);
    recording.forget(heardMs);
  }

  /** Whether the flush has been answered, or there is no time left for an answer. */
  function isDone() {
    const waitedMs = performance.now() - flushedMs;
    if (!isTurnOpen) return hasEndedSinceFlush || waitedMs > ANSWER_LIMIT_MS;
    if (waitedMs <= END_LIMIT_MS) return false;
    failure = new Failure('timeout', `the turn did not end within ${END_LIMIT_MS / 1000} seconds`);
    return true;
  }

  transcript.dropLine();
  const connection = await connect(endpoint, { ...credentials, onText });
  beginsMs = recording.rewind();
  while (connection.isOpen && failure === undefined && !(flushedMs !== undefined && isDone())) {
    const frame = connection.isCongested || flushedMs !== undefined ? undefined : recording.next();
    if (frame !== undefined) connection.send(frame);
    if (flushedMs === undefined && recording.allSentMs !== Infinity) {
      flushedMs = performance.now();
      connection.send(JSON.stringify({ type: 'flush_request' }));
    }
    await sleep(SEND_EVERY_MS);
  }

  const wasOpen = connection.isOpen;
  const code = await connection.close();
  if (failure !== undefined) throw failure;
  if (code !== 1000) throw connection.failure({ wasOurs: wasOpen });
  if (flushedMs === undefined || isTurnOpen) {
    throw new Failure(wasOpen ? 'other' : 'closed', 'the session ended before the last turn did');
  }
}
