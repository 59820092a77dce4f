/**
 * What a client does on a connection to a server that sends configured messages. It is passed to the other process as
 * JSON.
 */
export interface Talk {
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Messages that are sent together: once for pushes, and again for each reply. */
  readonly send: readonly string[];
  /** Messages that contain this text are counted. */
  readonly counts: string;
}

/** Why something is not measured, according to the documentation or the source of the server. */
export interface Cannot {
  readonly why: string;
}

export function canDo(what: Talk | Cannot): what is Talk {
  return 'send' in what;
}
