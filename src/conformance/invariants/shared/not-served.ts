/** What a server says of an upgrade to a path where it serves nothing. */
export const NOT_SERVED: readonly number[] = [404, 405, 410];

/** What it says of a call: 501 is that the method is not known. */
export const NOT_CALLABLE: readonly number[] = [...NOT_SERVED, 501];
