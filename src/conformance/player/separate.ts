import {
  DIALECTS,
  isSeparate,
  isSocket,
  mainSocketIn,
  type Dialect,
  type Scope,
} from '../../protocol/dialects.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { fateOf } from '../causes/fate.ts';
import { conversationsIn } from '../conversation/recorded-play.ts';
import { RUNNER_DIALECTS } from '../dialects/dialects.ts';
import type { RequirementResult } from '../judge/result.ts';
import { REQUIREMENTS } from '../../protocol/requirements.ts';
import { playScenario, type Played } from './play-scenario.ts';
import type { Target } from './target.ts';

/** Which of the optional sockets a service was seen to have. */
export interface Separate {
  /** The first connections to those that exist. */
  readonly plays: readonly Played[];
  /** Those that do not exist, with the reason why requirements about them do not apply. */
  readonly missing: ReadonlyMap<Dialect, string>;
  readonly looks: number;
}

/** For a run that has not looked. */
export const NOT_LOOKED: Separate = { plays: [], missing: new Map(), looks: 0 };

/** Answers of a service that has the socket but does not admit this client. */
const OF_SERVICE: readonly string[] = ['credential', 'busy', 'service'];

/**
 * Connects once to each optional socket of the vendor, if a probe needs it. The main socket has answered before, so any
 * other answer, or none, means that the socket does not exist.
 */
export async function lookAtSeparate(
  scope: Scope,
  probes: readonly Scenario[],
  target: Target,
): Promise<Separate> {
  const plays: Played[] = [];
  const missing = new Map<Dialect, string>();
  const dialects = new Set(probes.map(({ file }) => file.dialect));
  let looks = 0;
  for (const dialect of dialects) {
    if (!isSeparate(dialect) || dialect === mainSocketIn(scope) || target.signal?.aborted === true) continue;
    looks += 1;
    const name = `preflight-${dialect}`;
    const played = await playScenario(lookAt(dialect), target, name);
    const why = absenceIn(played, dialect);
    if (why === undefined) plays.push(played);
    else missing.set(dialect, `the server does not serve ${DIALECTS[dialect].paths[0]} (${why})`);
  }
  return { plays, missing, looks };
}

function lookAt(dialect: Dialect): Scenario {
  const begin = isSocket(dialect) ? RUNNER_DIALECTS[dialect].begin : [];
  const client = { steps: [...begin, { close: 1000 }] };
  return { name: 'preflight', path: '', file: { dialect, summary: 'Whether the socket exists', client } };
}

/** Why the socket does not exist; undefined if it does, or if the run was stopped. */
function absenceIn(played: Played, dialect: Dialect): string | undefined {
  const [conversation] = conversationsIn(played);
  if (conversation === undefined || !isSocket(dialect) || played.cut !== undefined) return undefined;
  if (conversation.isOpen) return undefined;
  const fate = fateOf(conversation, dialect);
  return fate.kind === 'refused' && !OF_SERVICE.includes(fate.why) ? fate.told : undefined;
}

/** The results, without verdicts on requirements that are only about missing sockets. */
export function withoutMissing(
  results: readonly RequirementResult[],
  missing: Separate['missing'],
): readonly RequirementResult[] {
  if (missing.size === 0) return results;
  const reasons = new Map(
    REQUIREMENTS.filter(({ dialects }) => dialects.every((dialect) => missing.has(dialect))).map(
      ({ id, dialects }) => [
        id as string,
        dialects.flatMap((dialect) => missing.get(dialect) ?? []).join('; '),
      ],
    ),
  );
  return results.map((result): RequirementResult => {
    const reason = reasons.get(result.id);
    if (reason === undefined) return result;
    const { id, level, side, source, statement } = result;
    return {
      id,
      level,
      side,
      source,
      statement,
      exercised: 0,
      reading: null,
      verdict: 'not-applicable',
      reason,
    };
  });
}
