import type { Router } from 'express';
import { isLoopback } from '../../runtime/network/address.ts';
import { version } from '../../runtime/version.ts';
import { only, READ } from './answers.ts';

/**
 * Whether the server runs, and takes connections. Whoever starts it has to know before they have anything else, so
 * everyone may ask, pages of this machine included; what is answered says nothing about anyone.
 */
export function healthRoutes(open: Router): void {
  open
    .route(['/health', '/ready'])
    .get((request, response) => {
      const { origin } = request.headers;
      if (origin !== undefined && isLoopback(origin)) {
        response.set({ 'access-control-allow-origin': origin, vary: 'Origin' });
      }
      response.json({ ok: true, version: version() });
    })
    .all(only(READ));
}
