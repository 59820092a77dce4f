#!/usr/bin/env node
// A client of Scriptix in stream mode: the service fetches the audio from a URL, and the client only reads the results.

import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from './lib/connection.mjs';
import { Failure, UsageError } from './lib/failure.mjs';
import { readMessage } from './lib/json.mjs';
import { keepConnected } from './lib/keep-connected.mjs';
import { need, run } from './lib/program.mjs';
import { user } from './lib/report.mjs';
import { Transcript } from './lib/transcript.mjs';

/** How long the service may take to load its model and to fetch the beginning of the stream. */
const LISTENING_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 50;

const USAGE = 'Usage: UNDERSTUDY_TOKEN=… node scriptix-stream.mjs --url WS_URL --stream-url AUDIO_URL';
const FLAGS = {
  url: { variable: 'UNDERSTUDY_URL', help: 'endpoint, such as wss://realtime.scriptix.io/v2/client/{token}' },
  'stream-url': { variable: 'UNDERSTUDY_STREAM_URL', help: 'MP3 or M3U8 that the service can fetch' },
  language: { variable: 'UNDERSTUDY_LANGUAGE', help: 'such as en; detected without it' },
  type: { otherwise: 'fast', help: 'fast or quality' },
};

await run(USAGE, FLAGS, async (settings) => {
  need(settings, 'token', 'url', 'stream-url');
  const endpoint = endpointOf(settings.url, settings.token);
  // Encodes the ? and & of the stream's own URL, of which a signed URL has many; otherwise they would become parameters
  // of our URL.
  endpoint.searchParams.set('url', settings['stream-url']);
  endpoint.searchParams.set('type', settings.type);
  if (settings.language !== undefined) endpoint.searchParams.set('language', settings.language);

  const transcript = new Transcript();
  const isOver = new AbortController();
  process.once('SIGINT', () => isOver.abort());
  /** The finals of all connections so far, as `offset text`. */
  const known = new Set();
  let connections = 0;
  await keepConnected(
    () => follow(endpoint, transcript, known, ++connections, isOver.signal),
    () => transcript.count,
  );
});

/** Here the token is a part of the path, and appears nowhere else (S2:15). */
function endpointOf(template, token) {
  const path = encodeURIComponent(token);
  const filled = template
    .replace(/\{token\}|%7Btoken%7D/i, () => path)
    .replace(/\/v2\/client\/?$/, () => `/v2/client/${path}`);
  if (!URL.canParse(filled)) throw new UsageError('--url: expected a URL');
  return new URL(filled);
}

/** One connection, from start to end. There is nothing to send: the service starts by itself (S2:128). */
async function follow(endpoint, transcript, known, connectionNumber, signal) {
  const beganMs = performance.now();
  let state = '';
  let failure;

  function onText(text) {
    const message = readMessage(text);
    // Messages after an error are ignored.
    if (message === undefined || failure !== undefined) return;
    if (typeof message.error === 'string') failure = new Failure('server', message.error, { wasOpen: true });
    else if (typeof message.state === 'string') user.state((state = message.state));
    else if (typeof message.text === 'string' && typeof message.is_final === 'boolean') onResult(message);
    // Other messages belong to later versions and are ignored, and so are unknown fields.
  }

  function onResult({ text, is_final, offset_ms }) {
    state = 'listening';
    const place = offset_ms === undefined ? undefined : `${connectionNumber}/${offset_ms}`;
    if (!is_final) return transcript.hear(text, place);
    // After a break, the service plays a file again from its beginning, but not a live stream. The same text at the
    // same offset has therefore been shown already.
    const said = `${offset_ms} ${text}`;
    if (known.has(said)) return transcript.dropLine();
    known.add(said);
    transcript.keep(text, place);
  }

  transcript.dropLine();
  const connection = await connect(endpoint, { onText });
  while (connection.isOpen && failure === undefined && !signal.aborted) {
    if (state !== 'listening' && performance.now() - beganMs > LISTENING_LIMIT_MS) {
      failure = new Failure('timeout', 'the service did not start listening');
    }
    await sleep(LOOK_EVERY_MS);
  }

  const wasOpen = connection.isOpen;
  const code = await connection.close();
  if (failure !== undefined) throw failure;
  // The service reports the end of the stream with 1000; in the middle of a line it is a break.
  if (code !== 1000) throw connection.failure({ wasOurs: wasOpen });
  if (transcript.line !== '' && !wasOpen) {
    throw new Failure('closed', 'the session ended before the last words were final', { wasOpen: true });
  }
}
