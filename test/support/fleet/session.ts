import type { Life } from '../../../src/protocol/dialects.ts';
import type { Happening, ReceivedOptions, Session } from '../../../src/mock-server/open-session.ts';
import type { HeldMessage } from '../../../src/mock-server/session/held.ts';
import type { AbortHow } from '../../../src/wire/socket.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';
import type { Api } from './api.ts';

interface Shown {
  readonly life: Life;
  readonly edition: string;
  readonly language?: string;
  readonly scenario?: string;
  readonly isOpen: boolean;
  readonly audioMs: number;
  readonly results: number;
  readonly closeCode?: number;
}

/** A session in another process, with everything that the control API can report of it and do with it. */
export class RemoteSession implements Session {
  readonly id: string;
  readonly #api: Api;
  readonly #waitMs: number;

  constructor(id: string, api: Api, waitMs: number) {
    this.id = id;
    this.#api = api;
    this.#waitMs = waitMs;
  }

  get life() {
    return this.#shown.life;
  }
  get edition() {
    return this.#shown.edition;
  }
  get language() {
    return this.#shown.language;
  }
  get scenario() {
    return this.#shown.scenario;
  }
  get isOpen() {
    return this.#shown.isOpen;
  }
  get isWritable(): boolean {
    throw new Error('the control API does not say whether a session is writable');
  }
  get audioMs() {
    return this.#shown.audioMs;
  }
  get results() {
    return this.#shown.results;
  }
  get closeCode() {
    return this.#shown.closeCode;
  }

  async received(
    what: Happening,
    { count = 1, timeoutMs = this.#waitMs, signal }: ReceivedOptions = {},
  ): Promise<void> {
    if (signal !== undefined) throw new Error('a wait over HTTP has no signal here');
    await this.#api.call(`GET sessions/${this.id}/wait?for=${what}&count=${count}&timeout=${timeoutMs}ms`);
  }

  presented(token: string): boolean {
    const { sessions } = this.#api.callNow(`GET sessions?token=${encodeURIComponent(token)}`) as {
      sessions: readonly { id: string }[];
    };
    return sessions.some(({ id }) => id === this.id);
  }

  count(what: Happening): number {
    return (this.#api.callNow(`GET sessions/${this.id}/count?of=${what}`) as { count: number }).count;
  }

  trace(): readonly TraceEvent[] {
    return this.#api.traceNow(this.id) as readonly TraceEvent[];
  }

  send(message: unknown): void {
    this.#postIfOpen('send', bodyOf(message));
  }

  hold(): void {
    this.#post('hold');
  }

  get held(): readonly HeldMessage[] {
    const { held } = this.#api.callNow(`GET sessions/${this.id}/held`) as { held: readonly HeldMessage[] };
    return held;
  }

  release(count?: number): number {
    return (this.#post('release', { count }) as { released: number }).released;
  }

  replace(id: number, message: unknown): boolean {
    return this.#api.tryNow(`POST sessions/${this.id}/replace`, { id, message: bodyOf(message) }, 409);
  }

  drop(id?: number): number {
    return (this.#post('drop', { id }) as { dropped: number }).dropped;
  }

  close(code?: number, reason?: string): void {
    this.#postIfOpen('close', { code, reason });
  }

  abort(how: AbortHow): void {
    this.#postIfOpen('abort', { how });
  }

  get #shown(): Shown {
    return this.#api.callNow(`GET sessions/${this.id}`) as Shown;
  }

  /** The method does nothing if the call is answered with 409, because the session has ended. */
  #postIfOpen(verb: string, body: unknown): void {
    this.#api.tryNow(`POST sessions/${this.id}/${verb}`, body, 409);
  }

  #post(verb: string, body: unknown = {}): unknown {
    return this.#api.callNow(`POST sessions/${this.id}/${verb}`, body);
  }
}

function bodyOf(message: unknown): unknown {
  if (typeof message === 'string') return { text: message };
  if (message instanceof Uint8Array) return { base64: Buffer.from(message).toString('base64') };
  return { json: message };
}
