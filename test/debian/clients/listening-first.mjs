// The same as listening_first.py: a microphone client of Scriptix that takes the first message after start for
// `listening`, and ends at exactly `{"state":"stopped"}`. Prints what it received as JSON.
//
// Usage: node listening-first.mjs URL TOKEN WAV

import { readFileSync } from 'node:fs';
import WebSocket from 'ws';

const [, , url, token, path] = process.argv;
const FRAME_BYTES = 3200;
const got = { partials: [], finals: [], stopped: null };

const ws = new WebSocket(url, { headers: { 'x-api-key': token } });
ws.on('open', () => ws.send(JSON.stringify({ action: 'start' })));
ws.on('message', (data) => {
  const frame = data.toString();
  if (got.first === undefined) {
    got.first = JSON.parse(frame);
    if (got.first.state !== 'listening') throw new Error(`expected listening, got ${frame}`);
    const pcm = readFileSync(path).subarray(44);
    for (let at = 0; at < pcm.length; at += FRAME_BYTES) ws.send(pcm.subarray(at, at + FRAME_BYTES));
    ws.send(JSON.stringify({ action: 'stop' }));
  } else if (frame.includes('"state":"stopped"')) {
    got.stopped = frame;
    ws.close();
  } else {
    const { text, is_final: isFinal } = JSON.parse(frame);
    if (typeof text === 'string') got[isFinal ? 'finals' : 'partials'].push(text);
  }
});
ws.on('close', () => console.log(JSON.stringify(got)));
