import WebSocket from 'ws';

/** What somebody dictates, by means of Scriptix: the client that the tests beside it are about. */
export interface Dictation {
  readonly lines: readonly string[];
  /** Hears so many bytes of 16 kHz mono 16-bit audio. */
  hear(audio: Uint8Array): void;
  close(): void;
  /** Resolves when it was closed, and rejects when it broke off. */
  readonly ended: Promise<void>;
}

export function dictate(endpoint: string, token: string): Dictation {
  const ws = new WebSocket(`${endpoint}?type=fast&language=en`, { headers: { 'x-api-key': token } });
  const lines: string[] = [];
  const waiting: Uint8Array[] = [];
  ws.on('open', () => {
    ws.send(JSON.stringify({ action: 'start' }));
    for (const audio of waiting.splice(0)) ws.send(audio);
  });
  ws.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as { text?: string; is_final?: boolean };
    if (message.is_final === true && message.text !== undefined) lines.push(message.text);
  });
  const ended = new Promise<void>((resolve, reject) => {
    ws.on('error', reject);
    ws.on('close', (code) => (code === 1000 ? resolve() : reject(new Error(`broke off (${code})`))));
  });
  // Whoever is interested awaits it; a process must not end because nobody is.
  ended.catch(() => undefined);
  return {
    lines,
    hear: (audio) => (ws.readyState === WebSocket.OPEN ? ws.send(audio) : waiting.push(audio)),
    close: () => ws.close(1000),
    ended,
  };
}
