import WebSocket from 'ws';

/** Dictation with Scriptix: the client that the tests beside it are for. */
export interface Dictation {
  readonly lines: readonly string[];
  /** Sends this many bytes of 16 kHz mono 16-bit audio. */
  hear(audio: Uint8Array): void;
  close(): void;
  /** Resolves once the connection is closed, and rejects if it breaks. */
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
  // Callers who care await it; a rejection that no one awaits must not end the process.
  ended.catch(() => undefined);
  return {
    lines,
    hear: (audio) => (ws.readyState === WebSocket.OPEN ? ws.send(audio) : waiting.push(audio)),
    close: () => ws.close(1000),
    ended,
  };
}
