import { z } from 'zod';
import { isLoopback } from '../../runtime/network/address.ts';
import { version } from '../../runtime/version.ts';
import { call, type Call } from './call.ts';
import type { ControlOptions } from './options.ts';

const PATHS = {
  '/health': 'Whether the server runs; open to everyone',
  '/ready': 'Whether connections are accepted, which ends when the server drains; open to everyone',
} as const;

const isFine = {
  means: 'Yes',
  schema: z.strictObject({
    ok: z.literal(true),
    version: z.string(),
    degraded: z
      .literal(true)
      .optional()
      .describe(
        'A worker has ended or does not answer, and is being replaced; or another replica (--state), or its Redis, does not answer',
      ),
  }),
};
const lockedOut = z
  .strictObject({ ok: z.literal(false), lockedOut: z.literal(true), version: z.string() })
  .describe('Other replicas have started over in the Redis of --state: this one has to be restarted');
const isNot = {
  '/health': { means: 'Not until it is restarted', schema: lockedOut },
  '/ready': {
    means: 'No longer: it is about to stop, or has to be restarted',
    schema: z.union([
      z.strictObject({ ok: z.literal(false), draining: z.literal(true), version: z.string() }),
      lockedOut,
    ]),
  },
};

/**
 * Whether the server runs and takes connections. A program that starts the server has to know this first, so everyone
 * may ask, including pages on this machine; the answer reveals nothing about anyone.
 */
export function healthCalls({
  isDraining,
  isDegraded,
  isLockedOut,
}: Pick<ControlOptions, 'isDraining' | 'isDegraded' | 'isLockedOut'>): readonly Call[] {
  return (['/health', '/ready'] as const).map((path) =>
    call({
      method: 'get',
      path,
      does: PATHS[path],
      answers: { 200: isFine, 503: isNot[path] },
      answer(_asked, response, request) {
        const { origin } = request.headers;
        if (origin !== undefined && isLoopback(origin)) {
          response.set({ 'access-control-allow-origin': origin, vary: 'Origin' });
        }
        if (isLockedOut?.() === true) {
          return void response.status(503).json({ ok: false, lockedOut: true, version: version() });
        }
        if (path === '/health' || !isDraining()) {
          const degraded = isDegraded?.() === true ? { degraded: true } : {};
          return void response.json({ ok: true, version: version(), ...degraded });
        }
        response.status(503).json({ ok: false, draining: true, version: version() });
      },
    }),
  );
}
