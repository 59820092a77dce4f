// A client of turns that opens each session with a token of its own: it requests the second one while the first session is
// open, which continues. Prints what it received as JSON.
//
// Usage: node token-refresh.mjs URL TOKEN_URL KEY WAV

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import WebSocket from 'ws';

const [, , url, tokenUrl, key, path] = process.argv;
const pcm = readFileSync(path).subarray(44);

async function freshToken() {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'any',
    client_secret: key,
  });
  const response = await fetch(tokenUrl, { method: 'POST', body });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()).access_token;
}

/** A session that is open, and `end()`, which flushes and gives the text of its last turn. */
async function open(protocols, headers) {
  const ws = new WebSocket(url, protocols, { headers });
  let text;
  const ended = new Promise((resolve, reject) => {
    ws.on('message', (data) => {
      const message = JSON.parse(data.toString());
      if (message.type === 'turn_end_candidate') text = message.text;
      if (message.type === 'turn_end') resolve(text);
    });
    ws.on('close', (code) => reject(new Error(`closed with ${code}`)));
  });
  // The protocol that the server selected.
  ended.catch(() => undefined);
  await once(ws, 'open');
  return {
    ws,
    async end() {
      ws.send(JSON.stringify({ type: 'flush_request' }));
      const last = await ended;
      ws.close(1000);
      return last;
    },
  };
}

const one = await open([], { authorization: `Bearer ${await freshToken()}` });
one.ws.send(pcm.subarray(0, 32_000));
const other = await open(['bearer', await freshToken()], {});
other.ws.send(pcm.subarray(0, 64_000));
const texts = [await other.end()];
one.ws.send(pcm.subarray(32_000, 64_000));
texts.push(await one.end());
console.log(JSON.stringify({ texts }));
