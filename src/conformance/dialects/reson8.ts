import { parametersOf } from '../invariants/reson8/opening/parameters.ts';
import type { RunnerDialect } from './dialect.ts';

/** The realtime socket of Reson8. */
export const reson8: RunnerDialect = {
  title: 'the realtime socket',
  fullTitle: 'the socket of Reson8',
  atPath: 'R8-CONN-001',
  forms: ['apikey', 'bearer', 'subprotocol'],
  query: { encoding: 'pcm_s16le' },
  begin: [],
  visit: [
    { audio: '2s' },
    { flush: 'end' },
    { await: { for: 'confirmation', limit: '8s' } },
    { close: 1000 },
  ],
  tokenForms: ['bearer', 'subprotocol'],
  // Reson8 announces readiness only by the upgrade (S4).
  isOpenAtOnce: true,
  isInOrder: ({ query }) => parametersOf(query).every(({ is }) => is !== 'wrong'),
};
