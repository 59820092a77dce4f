import type { Judgement, Judged, JudgeTerms } from '../../mock-server/control/judge/judging.ts';
import type { Mistake } from '../../runtime/errors.ts';
import type { TraceEvent } from '../../wire/trace.ts';

/** What a thread is started with. The events of a session follow in parts. */
export interface Task {
  readonly judged: Judged;
  readonly terms: JudgeTerms;
}

/** Events of the task; there are no more after an empty part. */
export type EventsPart = readonly TraceEvent[];

/** What a thread answers; a mistake is one by the caller. */
export type Answer = { readonly judgement: Judgement } | { readonly mistakes: readonly Mistake[] };
