import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../runtime/errors.ts';
import type { Recordings } from '../../scenario/speech/recordings/load.ts';
import type { Voices } from '../../scenario/speech/voices.ts';
import { CONTROL_PATH } from '../addresses.ts';
import type { ControlOptions } from '../control/options.ts';
import type { RestOptions } from '../rest/options.ts';

/** What a client needs to connect is loaded first; the words come after it. */
export function lazyVoices(seed: number, recordings: () => Recordings | undefined): Voices {
  let voices: Promise<Voices> | undefined;
  return async (language, additions) => {
    voices ??= import('../../scenario/speech/voices.ts').then(({ voicesOf }) => voicesOf(seed, recordings));
    return (await voices)(language, additions);
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The REST APIs, loaded for the first request. */
export function lazyRest(options: RestOptions): Handler {
  return lazily(async () => (await import('../rest/app.ts')).restApp(options));
}

/** The control API, loaded for the first request. */
export function lazyControl(options: ControlOptions): Handler {
  return lazily(async () => (await import('../control/app.ts')).controlApp(options));
}

/** Whether a URL belongs to the control API. */
export function isControl(url = ''): boolean {
  return url.startsWith(CONTROL_PATH) && /^([/?]|$)/.test(url.slice(CONTROL_PATH.length));
}

/** Whether someone has typed the address of the server into a browser. */
export function isBrowserAtRoot({ method, url, headers }: IncomingMessage): boolean {
  return method === 'GET' && url === '/' && (headers.accept ?? '').includes('text/html');
}

/** Redirects to the live page. */
export function toPage(response: ServerResponse): void {
  response.writeHead(302, { location: `${CONTROL_PATH}/`, vary: 'Accept' }).end();
}

/**
 * A handler that is loaded for the first request: loading Express takes longer than everything else together, and
 * WebSocket clients never need it. If it cannot be loaded, every request is answered with the reason.
 */
export function lazily(load: () => Promise<Handler>): Handler {
  let app: Promise<Handler> | undefined;
  return (request, response) => {
    app ??= load();
    app.then(
      (handle) => handle(request, response),
      (error: unknown) => {
        response.writeHead(500, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: `Internal error: ${messageOf(error)}` }));
      },
    );
  };
}
