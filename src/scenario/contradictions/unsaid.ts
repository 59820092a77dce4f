import { fieldsOf } from '../../runtime/json/fields.ts';
import type { ScenarioDialect } from '../dialects/dialect.ts';
import { SCENARIO_DIALECTS } from '../dialects/dialects.ts';
import type { Dialect } from '../../protocol/dialects.ts';
import type { Mistake, Path } from '../explain/mistake.ts';

/** Conditions of a step about something that a client of this dialect never sends. */
export function unsaid(path: Path, step: unknown, dialect: Dialect): Iterable<Mistake> {
  return wrongConditions(path, step, SCENARIO_DIALECTS[dialect].unsaid);
}

/** Conditions of a handshake about something that a client sends only afterwards. */
export function saidTooLate(path: Path, handshake: unknown): Iterable<Mistake> {
  return wrongConditions(path, handshake, { start: TOO_LATE, message: TOO_LATE });
}

const TOO_LATE =
  'a client has said nothing before its upgrade is answered: expected query, credential or time';

function* wrongConditions(path: Path, value: unknown, why: ScenarioDialect['unsaid']): Generator<Mistake> {
  for (const key of ['start', 'message'] as const) {
    const message = why[key];
    if (message === undefined || fieldsOf(fieldsOf(value)['when'])[key] === undefined) continue;
    yield { path: [...path, 'when', key], isKey: true, message };
  }
}
