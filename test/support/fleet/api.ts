import { UserError } from '../../../src/runtime/errors.ts';
import { ask, type Ask } from '../clients/ask.ts';
import { lines } from '../clients/control.ts';
import { askNow } from './ask-now.ts';

interface Said {
  readonly status: number;
  readonly text: string;
}

interface ToldMistake {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly expected: string;
  readonly meant?: string;
}

/** The control API of a fake, for objects that have the methods of one in the same process. */
export class Api {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(base: string, controlToken: string | undefined) {
    this.#base = base;
    this.#headers = controlToken === undefined ? {} : { authorization: `Bearer ${controlToken}` };
  }

  /** @throws UserError for a mistake, Error for any other answer than success */
  async call(call: string, body?: unknown): Promise<unknown> {
    return answerOf(call, await ask(...this.#asked(call, body)));
  }

  /** The same, synchronously. */
  callNow(call: string, body?: unknown): unknown {
    return answerOf(call, askNow(...this.#asked(call, body)));
  }

  /**
   * Whether it was done; false if it could not be, which is answered with this status. @throws as `call` for any other
   * answer
   */
  tryNow(call: string, body: unknown, cannot: number): boolean {
    const said = askNow(...this.#asked(call, body));
    if (said.status === cannot) return false;
    answerOf(call, said);
    return true;
  }

  /** Whether the subject of the call exists. */
  isThereNow(call: string): boolean {
    return this.tryNow(call, undefined, 404);
  }

  /** The events of a trace; none if the session is no longer in the journal. */
  traceNow(id: string): readonly unknown[] {
    const { status, text } = askNow(...this.#asked(`GET sessions/${id}/trace`));
    return status === 404 ? [] : lines(text).slice(1);
  }

  #asked(call: string, body?: unknown): [url: string, Ask] {
    const [method = 'GET', path = ''] = call.split(' ');
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return [`${this.#base}/${path}`, { method, headers: { ...this.#headers }, ...sent }];
  }
}

function answerOf(call: string, { status, text }: Said): unknown {
  const json: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
  if (status < 300) return json;
  const { error = text, mistakes } = (json ?? {}) as { error?: string; mistakes?: readonly ToldMistake[] };
  if (mistakes !== undefined)
    throw new UserError(
      mistakes.map(({ expected, path, ...more }) => ({ ...more, key: path, what: expected })),
    );
  if (status === 400 || status === 422) throw new UserError(error);
  throw new Error(`${call}: ${status} ${error}`);
}
