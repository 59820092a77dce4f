import { isInOrder } from '../invariants/reson8-turns/parameters.ts';
import type { RunnerDialect } from './dialect.ts';
import { reson8 } from './reson8.ts';

/** The turns socket of Reson8. */
export const reson8Turns: RunnerDialect = {
  ...reson8,
  title: 'the turns socket',
  fullTitle: 'the turns socket of Reson8',
  atPath: 'R8-TURN-001',
  isInOrder: ({ query }) => isInOrder(query),
};
