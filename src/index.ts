/**
 * A fake of Scriptix's and Reson8's realtime speech-to-text services for your own tests, and the judges of servers and
 * recordings. `docs/in-your-tests.md` shows how the fake is used, `docs/check-an-endpoint.md` how a server is judged.
 *
 * @module asr-understudy
 */
/// <reference types="node" preserve="true" />

// The fake.
export { startMockServer } from './mock-server/server.ts';
export type { JournalView, MockServer } from './mock-server/mock-server.ts';
export type { MockServerOptions } from './mock-server/options.ts';
export type { EditionNames } from './protocol/editions.ts';
export type { ServerEvent } from './mock-server/events.ts';
export type { Happened, LiveEvent, Numbered, Progressed } from './mock-server/feed/event.ts';
export type { HttpAnswer } from './mock-server/dialects/dialect.ts';
export type { JournalOptions } from './mock-server/journal/journal.ts';
export type { Heard, Prices, Usage, UsageEntry } from './mock-server/journal/usage.ts';
export type { NextOptions } from './mock-server/session/handout.ts';
export type { Expectation, NearMiss, Verified } from './mock-server/verify/verify.ts';
export type { Verification, VerifyOptions } from './mock-server/verify/verifier.ts';
export type { SessionFilter } from './mock-server/session-filter.ts';
export type { HeldMessage } from './mock-server/session/held.ts';
export type { Refusal } from './mock-server/upgrade/refusal.ts';
export type { Happening, ReceivedOptions, Session } from './mock-server/open-session.ts';
export type {
  Judge,
  JudgeChoices,
  Judged,
  JudgedRequirement,
  Judgement,
  JudgeTerms,
} from './mock-server/control/judge/judging.ts';
export type { ResetPart, ResetParts } from './mock-server/control/reset.ts';
export type { Service } from './mock-server/rest/service.ts';
export type { ServiceStatus } from './protocol/scriptix/service.ts';
export type { InitializeOutcome } from './scenario/script.ts';
export type { ServerUrls } from './mock-server/addresses.ts';
export type { ReplayMode } from './scenario/replay/mode.ts';
export type { Clock, ManualClock } from './runtime/clock.ts';
export type { AbortHow } from './wire/socket.ts';
export type { RedactorOptions } from './wire/redact/redact.ts';

// The judges.
export { runConformance, type ConformanceRun } from './conformance/run-server.ts';
export type { ConformanceOptions, Profile } from './conformance/server-run-options.ts';
export type { Credentials } from './conformance/player/target.ts';
export type { BudgetLimits, Cost } from './conformance/player/budget.ts';
export type { BaselineEntry } from './conformance/judge/baseline.ts';
export type { Tolerances } from './conformance/judge/tolerances.ts';
export type { ClientProgress, Progress, ServerProgress } from './conformance/progress.ts';
export type { Played } from './conformance/player/play-scenario.ts';
export type { Counterexample } from './conformance/explore/explore.ts';
export { judgeTrace, type JudgedTrace, type JudgeOptions } from './conformance/judge-trace.ts';
export type { RecordedPlay } from './conformance/conversation/recorded-play.ts';
export {
  EXIT_CODES,
  type Outcome,
  type ProgramEnd,
  type Report,
  type SessionSummary,
} from './conformance/report/report.ts';
export type { ShownReading } from './conformance/judge/mixtures.ts';
export type { PartOfRun, ReportedPart } from './conformance/report/part.ts';
export type { Observation, RequirementResult, Verdict } from './conformance/judge/result.ts';

// What both have in common.
export type { Dialect, Life, Scope, Separate, SocketDialect, Vendor } from './protocol/dialects.ts';
export type { Side, Source } from './protocol/requirement.ts';
export type { Scenario } from './scenario/scenario.ts';
export type { Peer, TraceContext, TraceEvent, TraceFact, TraceHeader, TraceMoment } from './wire/trace.ts';
export type { Shard } from './runtime/shard.ts';
export { UserError, type Mistake } from './runtime/errors.ts';
