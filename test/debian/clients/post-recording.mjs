// The same as post_recording.py, with the whole recording as one body. Prints the transcript as JSON.
//
// Usage: node post-recording.mjs URL KEY WAV

import { readFileSync } from 'node:fs';

const [, , url, key, path] = process.argv;
const response = await fetch(url, {
  method: 'POST',
  headers: { authorization: `ApiKey ${key}`, 'content-type': 'application/octet-stream' },
  body: readFileSync(path),
});
const body = await response.json();
if (!response.ok) throw new Error(`HTTP ${response.status}: ${body.code}: ${body.message}`);
console.log(JSON.stringify(body));
