import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Recordings } from '../../scenario/speech/recordings/load.ts';
import type { Voices } from '../../scenario/speech/voices.ts';
import { CONTROL_PATH } from '../addresses.ts';
import type { ControlOptions } from '../control/options.ts';
import type { RestOptions } from '../rest/options.ts';

/** What is needed first is loaded first: a server that can be connected to. */
export function lazyVoices(seed: number, recordings: () => Recordings | undefined): Voices {
  let voices: Promise<Voices> | undefined;
  return async (language, additions) => {
    voices ??= import('../../scenario/speech/voices.ts').then(({ voicesOf }) => voicesOf(seed, recordings));
    return (await voices)(language, additions);
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export function lazyRest(options: RestOptions): Handler {
  return lazily(async () => (await import('../rest/app.ts')).restApp(options));
}

export function lazyControl(options: ControlOptions): Handler {
  return lazily(async () => (await import('../control/app.ts')).controlApp(options));
}

export function isControl(url = ''): boolean {
  return url.startsWith(CONTROL_PATH) && /^([/?]|$)/.test(url.slice(CONTROL_PATH.length));
}

/** Someone who typed the address of the server into a browser. */
export function isBrowserAtRoot({ method, url, headers }: IncomingMessage): boolean {
  return method === 'GET' && url === '/' && (headers.accept ?? '').includes('text/html');
}

export function toPage(response: ServerResponse): void {
  response.writeHead(302, { location: `${CONTROL_PATH}/`, vary: 'Accept' }).end();
}

/** Express takes longer to load than all the rest together, and a WebSocket client never needs it. */
function lazily(load: () => Promise<Handler>): Handler {
  let app: Promise<Handler> | undefined;
  return (request, response) => {
    app ??= load();
    app.then(
      (handle) => handle(request, response),
      () => response.writeHead(500).end(),
    );
  };
}
