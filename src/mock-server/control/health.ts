import { z } from 'zod';
import { isLoopback } from '../../runtime/network/address.ts';
import { version } from '../../runtime/version.ts';
import { call, type Call } from './call.ts';

/**
 * Whether the server runs, and takes connections. Whoever starts it has to know before they have anything else, so
 * everyone may ask, pages of this machine included; what is answered says nothing about anyone.
 */
export function healthCalls(): readonly Call[] {
  return ['/health', '/ready'].map((path) =>
    call({
      method: 'get',
      path,
      does: 'Whether connections are accepted; open to everyone',
      answers: {
        200: { means: 'They are', schema: z.strictObject({ ok: z.literal(true), version: z.string() }) },
      },
      answer(_asked, response, request) {
        const { origin } = request.headers;
        if (origin !== undefined && isLoopback(origin)) {
          response.set({ 'access-control-allow-origin': origin, vary: 'Origin' });
        }
        response.json({ ok: true, version: version() });
      },
    }),
  );
}
