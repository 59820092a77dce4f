import { judgeTrace } from '../conformance/judge-trace.ts';
import { placesText } from '../protocol/source.ts';
import { MOST_JUDGED_EVENTS, type Judge, type Judged } from '../mock-server/control/judge/judging.ts';
import { version } from '../runtime/version.ts';
import { harToTrace } from '../wire/har/har.ts';
import { redactAll } from '../wire/redact/redact.ts';
import { readTrace } from '../wire/trace-file.ts';
import type { TraceEvent } from '../wire/trace.ts';
import { UserError } from '../runtime/errors.ts';

/** The judges of `conformance trace`, for the live page. This is the only place where the fake and the judges meet. */
export const judge: Judge = (judged) => {
  const { events, faults } = readJudged(judged);
  if (events.length > MOST_JUDGED_EVENTS)
    throw new UserError(
      `it has ${events.length} events, at most ${MOST_JUDGED_EVENTS} are judged here: use conformance trace`,
      { file: judged.name },
    );
  const { report } = judgeTrace(events, { name: judged.name });
  const requirements = report.requirements.map(
    ({ id, level, side, verdict, statement, source, exercised, ...more }) => ({
      ...{ id, level, side, verdict, statement, exercised, source: placesText(source) },
      ...{ expected: more.expected, actual: more.actual, reason: more.reason, evidence: more.evidence ?? [] },
    }),
  );
  return Promise.resolve({ causes: report.causes ?? [], notes: [...faults, ...report.notes], requirements });
};

/** Another program may have left secrets in a file. */
function readJudged(judged: Judged): {
  readonly events: readonly TraceEvent[];
  readonly faults: readonly string[];
} {
  if (judged.kind === 'events') return { events: judged.events, faults: [] };
  const { name, text } = judged;
  if (judged.kind === 'har') return harToTrace(text, { name, tool: `understudy ${version()}` });
  const { events, faults } = readTrace(text, name, MOST_JUDGED_EVENTS);
  return { events: redactAll(events).facts, faults };
}
