import { DEVIATIONS } from '../../conformance/judge/deviations.ts';
import { conversationsOf } from '../../conformance/conversation/conversation.ts';
import { judgeTrace } from '../../conformance/judge-trace.ts';
import { VENDORS, vendorOf } from '../../protocol/dialects.ts';
import { editionsOf } from '../../protocol/editions.ts';
import { placesText } from '../../protocol/source.ts';
import {
  MOST_JUDGED_EVENTS,
  type JudgeChoices,
  type Judged,
  type Judgement,
  type JudgeTerms,
} from '../../mock-server/control/judge/judging.ts';
import { version } from '../../runtime/version.ts';
import { harToTrace } from '../../wire/har/har.ts';
import { redactAll } from '../../wire/redact/redact.ts';
import { readTrace } from '../../wire/trace-file.ts';
import type { TraceEvent } from '../../wire/trace.ts';
import { UserError } from '../../runtime/errors.ts';
import { editionsIn } from '../conformance/editions.ts';
import { asDeviations } from '../conformance/flags.ts';

/**
 * What the judges of `conformance trace` say of a trace. @throws UserError for a file that cannot be read, and unknown
 * terms
 */
export function judgementOf(judged: Judged, terms: JudgeTerms = {}): Judgement {
  const { events, faults } = readJudged(judged);
  if (events.length > MOST_JUDGED_EVENTS)
    throw new UserError(
      `it has ${events.length} events; at most ${MOST_JUDGED_EVENTS} are judged here: use conformance trace`,
      { file: judged.name },
    );
  const { report } = judgeTrace(events, { name: judged.name, ...termsOf(terms, events) });
  const requirements = report.requirements.map(
    ({ id, level, side, verdict, statement, source, exercised, ...more }) => ({
      ...{ id, level, side, verdict, statement, exercised, source: placesText(source) },
      ...{ expected: more.expected, actual: more.actual, reason: more.reason, evidence: more.evidence ?? [] },
    }),
  );
  return {
    ...{ causes: report.causes ?? [], notes: [...faults, ...report.notes], requirements },
    choices: choicesIn(events),
  };
}

function termsOf(
  { side = 'both', editions = [], deviations = [] }: JudgeTerms,
  events: readonly TraceEvent[],
) {
  try {
    return {
      side,
      editions: editions.length === 0 ? undefined : editionsIn(events, editions),
      deviations: asDeviations(deviations),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // A caller over HTTP has no flags.
    throw new UserError(error.mistakes.map((mistake) => ({ ...mistake, flag: undefined })));
  }
}

/** Those of the services that occur. */
function choicesIn(events: readonly TraceEvent[]): JudgeChoices {
  const found = new Set(conversationsOf(events).flatMap(({ dialect }) => dialect ?? []));
  const services = VENDORS.filter((vendor) => [...found].some((dialect) => vendorOf(dialect) === vendor));
  return {
    editions: services.flatMap((service) => editionsOf(service).map((name) => `${service}=${name}`)),
    deviations: DEVIATIONS.filter(({ name }) => services.some((service) => name.startsWith(service))).map(
      ({ name, meaning }) => ({ name, meaning }),
    ),
  };
}

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
