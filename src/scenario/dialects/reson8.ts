import { CALLS } from './calls.ts';
import type { Saying, ScenarioDialect } from './dialect.ts';

/** The realtime socket. */
export const reson8: ScenarioDialect = {
  has: [
    ...(['socket', 'frames', 'flush', 'partial', 'final', 'confirmation'] as const),
    ...(['confidence', 'detailed-partial', 'confirmed-flush'] as const),
  ],
  opening: [],
  clientSteps: [
    { audio: '3s' },
    { flush: 'end' },
    { await: { for: 'confirmation', limit: '10s' } },
    { close: 1000 },
  ],
  placeholders: ['id', 'message.FIELD'],
  unsaid: { start: 'Reson8 has no start command: expected query, credential, message or time' },
  commandOf: ({ type }) => (type === 'flush_request' ? 'flush' : undefined),
  sayingOf,
};

/** The calls over HTTP. */
export const reson8Rest: ScenarioDialect = {
  has: ['call', 'access-token'],
  opening: [],
  clientSteps: [{ call: 'token' }, { call: { for: 'prerecorded', audio: '3s' } }],
  calls: CALLS['reson8-rest'],
  serverKeys: ['expires-in'],
  placeholders: [],
  // It has no conditions.
  unsaid: {},
  commandOf: () => undefined,
  sayingOf: () => 'other',
};

function sayingOf(fields: Readonly<Record<string, unknown>>): Saying {
  switch (fields['type']) {
    case 'transcript':
      return fields['is_final'] === false ? 'partial' : 'final';
    case 'flush_confirmation':
      return 'confirmation';
    case 'error':
      return 'error';
    default:
      return 'other';
  }
}
