import WebSocket from 'ws';

/**
 * Captions from Reson8: the client that the tests beside it are for.
 *
 * @param {Uint8Array} audio 16 kHz mono 16-bit PCM, without a header
 * @returns {Promise<string[]>} the captions, line by line; rejects if the connection is refused or breaks
 */
export function captions(endpoint, key, audio) {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(`${endpoint}?encoding=pcm_s16le&sample_rate=16000`, {
      headers: { authorization: `ApiKey ${key}` },
    });
    const lines = [];
    ws.on('open', () => {
      ws.send(audio);
      ws.send(JSON.stringify({ type: 'flush_request', id: 'end' }));
    });
    ws.on('message', (data) => {
      const message = JSON.parse(data.toString());
      if (message.type === 'transcript') lines.push(message.text);
      if (message.type === 'flush_confirmation' && message.id === 'end') ws.close(1000);
    });
    ws.on('error', reject);
    ws.on('close', (code) => (code === 1000 ? resolve(lines) : reject(new Error(`broke off (${code})`))));
  });
}
