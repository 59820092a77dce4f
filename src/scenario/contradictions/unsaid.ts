import { fieldsOf } from '../../runtime/json/fields.ts';
import { SCENARIO_DIALECTS } from '../dialects/dialects.ts';
import type { Dialect } from '../../protocol/dialects.ts';
import type { Mistake, Path } from '../explain/mistake.ts';

/** Conditions about something that a client has not sent and never will. */
export function* unsaid(
  path: Path,
  value: unknown,
  dialect: Dialect,
  at: 'handshake' | 'step',
): Generator<Mistake> {
  for (const key of ['start', 'message'] as const) {
    if (fieldsOf(fieldsOf(value)['when'])[key] === undefined) continue;
    const message =
      at === 'handshake'
        ? 'a client has said nothing before its upgrade is answered: expected query, credential or time'
        : SCENARIO_DIALECTS[dialect].unsaid[key];
    if (message !== undefined) yield { path: [...path, 'when', key], isKey: true, message };
  }
}
