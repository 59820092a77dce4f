import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

const PARTIAL_BYTES = 6400;
const PARTIAL_MS = 200;
const PARTIALS_PER_FINAL = 15;
const WORDS = 'so we would like to hear what the people at the other table thought'.split(' ');
const TEXTS = Array.from({ length: PARTIALS_PER_FINAL }, (_, i) => WORDS.slice(0, i + 1).join(' '));

/**
 * Starts a server with only `ws`. It answers the start, counts bytes and sends messages like those of the fake.
 *
 * @param hear is given each message of audio
 */
export function serveMinimal(hear: (audio: Buffer) => void): void {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });

  server.on('connection', (socket: WebSocket) => {
    let byteCount = 0;
    let partials = 0;
    let offset_ms = 0;
    const send = (message: object) => socket.send(JSON.stringify(message));
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) {
        send({ state: 'loading' });
        return send({ state: 'listening' });
      }
      hear(data);
      byteCount += data.length;
      for (; byteCount >= PARTIAL_BYTES; byteCount -= PARTIAL_BYTES) {
        const text = TEXTS[partials] ?? '';
        partials += 1;
        send({ text, is_final: false, offset_ms, stability: 0.85 });
        if (partials < PARTIALS_PER_FINAL) continue;
        const words = TEXTS.map((_, i) => [WORDS[i], i * PARTIAL_MS, (i + 1) * PARTIAL_MS, 0.95]);
        send({ text, is_final: true, offset_ms, words });
        offset_ms += PARTIALS_PER_FINAL * PARTIAL_MS;
        partials = 0;
      }
    });
  });

  server.on('listening', () => {
    const { port } = server.address() as AddressInfo;
    const realtime = `ws://127.0.0.1:${port}`;
    console.log(
      JSON.stringify({ event: 'listening', url: `http://127.0.0.1:${port}`, scriptix: { realtime } }),
    );
  });

  // A profile or a coverage report is written only at an orderly exit.
  process.on('SIGTERM', () => process.exit(0));
}
