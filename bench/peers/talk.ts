/** What a client does on a connection to a server that was told what to say. Crosses the process border as JSON. */
export interface Talk {
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Messages that are sent in one go: each time for a reply, once for pushes. */
  readonly send: readonly string[];
  /** What is counted: messages with this text in them. */
  readonly counts: string;
}

/** Why something is not measured, as the documentation or the source of the server has it. */
export interface Cannot {
  readonly why: string;
}

export function canDo(what: Talk | Cannot): what is Talk {
  return 'send' in what;
}
