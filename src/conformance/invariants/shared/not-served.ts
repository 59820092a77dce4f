/** Answers to an upgrade at a path where a server serves nothing. */
export const NOT_SERVED: readonly number[] = [404, 405, 410];

/** Answers to a call there: 501 means that the method is unknown. */
export const NOT_CALLABLE: readonly number[] = [...NOT_SERVED, 501];
