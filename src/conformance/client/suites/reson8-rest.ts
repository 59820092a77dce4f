import type { Suite } from './trial.ts';

/** The calls of Reson8. */
export const RESON8_REST_SUITE: Suite = { trials: [], beyond: [] };
