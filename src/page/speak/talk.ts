import { pause } from '../clock.ts';
import { isConfirmation } from './captions.ts';
import { SERVICES, type Service } from './services.ts';

/** What is requested from a service. */
export interface Asked {
  readonly service: Service;
  /** The token or API key of the client. */
  readonly key: string;
  /** Parameters of the query. */
  readonly query: Readonly<Record<string, string>>;
}

/** Listeners to a conversation. */
export interface Hearing {
  readonly onOpen: () => void;
  readonly onMessage: (text: string) => void;
  /** Called last; `wasOpen` is false for a connection that was never established. */
  readonly onClose: (code: number, reason: string, wasOpen: boolean) => void;
}

/** A conversation with a service, as any client has it. */
export interface Talk {
  send(samples: Int16Array<ArrayBuffer>): void;
  /** Ends the audio, waits for the last words, and closes. */
  finish(): void;
  /** Closes immediately. */
  end(): void;
}

/** How long the last words may take. */
const LAST_WORDS_MS = 5000;
/** The maximum of unsent bytes on a connection that is not read; more audio is dropped. */
const MOST_BUFFERED_BYTES = 1_000_000;

/** The address of a service on the server that the page comes from, without the credential. */
function addressOf({ service, query }: Asked, base: string): URL {
  const { path, audio } = SERVICES[service];
  const url = new URL(path, base);
  url.protocol = url.protocol.replace('http', 'ws');
  for (const [name, value] of Object.entries({ ...audio, ...query }))
    if (value !== '') url.searchParams.set(name, value);
  return url;
}

/** Connects, and speaks as a client of the service does. */
export function talk(asked: Asked, hearing: Hearing): Talk {
  const { key } = asked;
  const { keyIn, begin, finish: lastCommand } = SERVICES[asked.service];
  const url = addressOf(asked, location.href);
  if (keyIn === 'query') url.searchParams.set('token', key);
  const socket = keyIn === 'query' ? new WebSocket(url) : new WebSocket(url, ['bearer', key]);
  let wasOpen = false;
  let isFinishing = false;
  const command = (value: object) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(value));
  };
  socket.onopen = () => {
    wasOpen = true;
    if (begin !== undefined) command(begin);
    hearing.onOpen();
  };
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'string') return;
    hearing.onMessage(data);
    if (isFinishing && isConfirmation(data)) socket.close(1000);
  };
  socket.onclose = ({ code, reason }) => hearing.onClose(code, reason, wasOpen);
  return {
    send(samples) {
      if (socket.readyState === WebSocket.OPEN && socket.bufferedAmount < MOST_BUFFERED_BYTES && !isFinishing)
        socket.send(samples);
    },
    finish() {
      if (isFinishing) return;
      isFinishing = true;
      command(lastCommand);
      void pause(LAST_WORDS_MS).then(() => socket.close(1000));
    },
    end: () => socket.close(1000),
  };
}
