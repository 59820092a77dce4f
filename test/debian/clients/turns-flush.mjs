// The same as turns_flush.py: streams a recording, flushes, and waits for the end of the turn. A close before it is an
// error. Prints what it received as JSON.
//
// Usage: node turns-flush.mjs URL TOKEN WAV

import { readFileSync } from 'node:fs';
import WebSocket from 'ws';

const [, , url, token, path] = process.argv;
const FRAME_BYTES = 3200;
const got = { events: [], turns: [] };
let candidate;

const query = 'encoding=pcm_s16le&sample_rate=16000&channels=1&include_language=true';
const ws = new WebSocket(`${url}?${query}`, ['bearer', token]);
ws.on('open', () => {
  // Up to the end of the first sentence: the turn is still open.
  const pcm = readFileSync(path).subarray(44, 44 + 31 * FRAME_BYTES);
  for (let at = 0; at < pcm.length; at += FRAME_BYTES) ws.send(pcm.subarray(at, at + FRAME_BYTES));
  ws.send(JSON.stringify({ type: 'flush_request' }));
});
ws.on('message', (data) => {
  const message = JSON.parse(data.toString());
  got.events.push(message.type);
  if (message.type === 'turn_end_candidate') candidate = message;
  if (message.type !== 'turn_end') return;
  got.turns.push({ text: candidate.text, language: candidate.language });
  ws.close(1000);
});
ws.on('close', (code) => {
  if (got.turns.length === 0) throw new Error(`closed before the turn ended: ${code}`);
  console.log(JSON.stringify({ ...got, close_code: code }));
});
