import { TURN_EVENTS } from '../../protocol/reson8-turns/events.ts';
import type { Saying, ScenarioDialect } from './dialect.ts';
import { reson8 } from './reson8.ts';

/** The socket for turns. */
export const reson8Turns: ScenarioDialect = {
  ...reson8,
  // The service sends no confirmation on this socket, but a server that does so can be played.
  has: ['socket', 'frames', 'flush', 'confirmation', ...TURN_EVENTS],
  clientSteps: [{ audio: '3s' }, 'flush', { await: { for: 'turn_end', limit: '10s' } }, { close: 1000 }],
  sayingOf: ({ type }): Saying => {
    if (type === 'error') return 'error';
    if (type === 'flush_confirmation') return 'confirmation';
    return TURN_EVENTS.find((event) => event === type) ?? 'other';
  },
};
