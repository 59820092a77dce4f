import type { MockServer } from './mock-server.ts';
import type { MockServerOptions } from './options.ts';
import { startServer } from './start/start-server.ts';

/**
 * Starts a fake of both services on one port.
 *
 * @throws UserError for a port that is not available, and for options that make no sense.
 */
export function startMockServer(given: MockServerOptions = {}): Promise<MockServer> {
  return startServer(given);
}
