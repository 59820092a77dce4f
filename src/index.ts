/** The library's face: a fake of both services for somebody's own tests. */
export { startMockServer, type MockServer } from './mock-server/server.ts';
export type { MockServerOptions, ServerEvent } from './mock-server/options.ts';
export type { Happening, Session } from './mock-server/live-session.ts';
export type { InitializeOutcome, Service, ServiceStatus } from './mock-server/service.ts';
export type { ServerUrls } from './mock-server/addresses.ts';
export type { Clock, ManualClock } from './runtime/clock.ts';
export type { AbortHow } from './wire/socket.ts';
export { UserError } from './runtime/errors.ts';
