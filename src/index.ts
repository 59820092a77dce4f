/** The library's face: a fake of both services for somebody's own tests, and the judges of servers and recordings. */
export { startMockServer } from './mock-server/server.ts';
export type { JournalView, MockServer } from './mock-server/mock-server.ts';
export type { MockServerOptions } from './mock-server/options.ts';
export type { ServerEvent } from './mock-server/events.ts';
export type { JournalOptions } from './mock-server/journal/journal.ts';
export type { NextOptions } from './mock-server/session/handout.ts';
export type { Refusal } from './mock-server/upgrade/refusal.ts';
export type { Happening, ReceivedOptions, Session } from './mock-server/open-session.ts';
export type { ResetPart, ResetParts } from './mock-server/control/reset.ts';
export type { InitializeOutcome, Service, ServiceStatus } from './mock-server/rest/service.ts';
export type { ServerUrls } from './mock-server/addresses.ts';
export type { Clock, ManualClock } from './runtime/clock.ts';
export type { AbortHow } from './wire/socket.ts';
export type { Peer, TraceEvent, TraceFact, TraceHeader, TraceMoment } from './wire/trace.ts';
export { UserError } from './runtime/errors.ts';
export {
  runServer as runConformance,
  type ServerRun as ConformanceRun,
  type ServerRunOptions as ConformanceOptions,
} from './conformance/run-server.ts';
export { judgeTrace, type JudgedTrace, type JudgeOptions } from './conformance/judge-trace.ts';
export { EXIT_CODES, type Report } from './conformance/report/report.ts';
export type { RequirementResult, Verdict } from './conformance/judge/result.ts';
