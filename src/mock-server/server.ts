import type { MockServer } from './mock-server.ts';
import type { MockServerOptions } from './options.ts';
import { startServer } from './start/start-server.ts';

/**
 * Starts a fake of both services on one port.
 *
 * @throws UserError for a port that cannot be had, and for options that mean nothing.
 */
export function startMockServer(given: MockServerOptions = {}): Promise<MockServer> {
  return startServer(given);
}
