import { request, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: unknown;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** One request that contains only what was asked for: `fetch` adds headers and hides some. Accepts any certificate. */
export function ask(url: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const secure = { agent: false, rejectUnauthorized: false } as const;
    const send = url.startsWith('https:') ? httpsRequest : request;
    const asking = send(url, { method, headers, ...secure }, (response) => {
      const pieces: Uint8Array[] = [];
      response.on('data', (piece: Uint8Array) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        const isJson = /^application\/json\b/.test(response.headers['content-type'] ?? '');
        const json: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
