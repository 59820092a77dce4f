/** The calls of each REST API whose answers a scenario can give, by their names in scenarios. */
export const CALLS = {
  'scriptix-rest': ['initialize', 'status'],
  // All calls about custom models are of one kind, since a client makes a few of them in whatever order.
  'reson8-rest': ['token', 'prerecorded', 'custom-model'],
} as const;

/** A dialect of calls over HTTP. */
export type RestDialect = keyof typeof CALLS;

/** A call of a REST API. */
export type Call = (typeof CALLS)[RestDialect][number];

/** The calls of both APIs. */
export const ALL_CALLS = [...CALLS['scriptix-rest'], ...CALLS['reson8-rest']] as const;
