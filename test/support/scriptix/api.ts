import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { ask } from '../clients/ask.ts';
import { TOKEN } from './scriptix.ts';

/** The two calls of the Scriptix REST API, with a good key unless other headers are given. */

export const KEY = { 'x-zoom-s2t-key': TOKEN };
export const initialize = (fake: MockServer, headers: Record<string, string> = KEY, body?: string) =>
  ask(`${fake.urls.scriptix.api}/initialize`, {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body }),
  });
export const status = (fake: MockServer, headers: Record<string, string> = KEY) =>
  ask(`${fake.urls.scriptix.api}/status`, { headers });
