import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { CONTROL_PATH } from '../addresses.ts';
import { isOwn, type Happened, type LiveEvent, type Numbered } from '../feed/event.ts';
import { Feed } from '../feed/feed.ts';
import { progressIn } from '../feed/progress.ts';
import type { Parts } from '../start/assemble.ts';
import { noAnswerOf, type Sibling, type Siblings } from './siblings.ts';
import { SECRET_HEADER } from './questions.ts';
import type { SharedState } from './shared.ts';

/** Events of this replica that are passed on at a time. */
const PART = 64;
/** No line of a feed is longer, in characters. */
const LONGEST_LINE = 65_536;
/** How long another replica may take to begin, in real time. */
const BEGIN_MS = 10_000;
/**
 * The size of the range of event numbers that each replica has to itself, so that a number shows which replica gave it.
 */
const EVENTS_EACH = 10 ** 7;
const RANGES = 1000;

/** Another replica that is followed. */
interface Followed {
  readonly controller: AbortController;
  /** Resolves when nothing that happens there from now on is missed. */
  readonly begun: Promise<void>;
}

/** What happens in all replicas, for readers on this one. The others are followed only while there is such a reader. */
export class Watching {
  readonly feed: Feed;
  readonly #parts: Parts;
  readonly #siblings: Siblings;
  readonly #secret: string;
  readonly #followed = new Map<string, Followed>();
  /** The last event that each replica has reported. */
  readonly #last = new Map<string, number>();
  /** How many events of its own each replica has had, as counted here, reported or not. */
  readonly #counted = new Map<string, number>();
  /** The next event of this replica. */
  #next = 1;
  #leave: (() => void) | undefined;

  constructor(
    parts: Parts,
    siblings: Siblings,
    { ordinal, secret }: Pick<SharedState, 'ordinal' | 'secret'>,
  ) {
    this.#parts = parts;
    this.#siblings = siblings;
    this.#secret = secret;
    const { clock, wall } = parts;
    this.feed = new Feed({
      ...{ clock, wall },
      // Each replica reports the progress of its own sessions.
      open: () => [],
      onKept: (isKept) => (isKept ? this.#begin() : this.#end()),
      base: ((ordinal - 1) % RANGES) * EVENTS_EACH,
    });
  }

  stop(): void {
    this.feed.stop();
    this.#end();
  }

  /** Returns when all replicas are followed, as they are for a while even without a reader. @throws CannotTell */
  async begin(): Promise<void> {
    const leave = this.feed.read({ progressIn, onMore: () => undefined, onProgress: () => undefined });
    try {
      this.look();
      const silent = this.#siblings.all.find(({ silence }) => silence.aborted);
      if (silent !== undefined) throw silent.silence.reason;
      await Promise.all([...this.#followed.values()].map(({ begun }) => begun));
    } finally {
      leave();
    }
  }

  /** Other replicas may have come or gone. */
  look(): void {
    if (this.#leave === undefined) return;
    for (const sibling of this.#siblings.all) {
      if (!sibling.silence.aborted && !this.#followed.has(sibling.name)) this.#follow(sibling);
    }
  }

  #begin(): void {
    const { feed } = this.#parts;
    this.feed.skip(feed.next - this.#next);
    this.#next = feed.next;
    this.#leave = feed.read({
      progressIn,
      onMore: () => {
        const part = feed.part(this.#next, PART);
        this.#next = part.next;
        for (const event of part.events) this.feed.add(happenedOf(event));
      },
      onProgress: (progressed) => this.feed.progressed(progressed),
    });
  }

  #end(): void {
    this.#leave?.();
    this.#leave = undefined;
    for (const { controller } of this.#followed.values()) controller.abort();
    this.#followed.clear();
    this.#last.clear();
  }

  #follow(sibling: Sibling): void {
    const { name, silence } = sibling;
    const controller = new AbortController();
    const followed = { controller, begun: this.#begun(sibling, controller) };
    this.#followed.set(name, followed);
    const end = () => controller.abort();
    silence.addEventListener('abort', end, { once: true });
    controller.signal.addEventListener('abort', () => {
      silence.removeEventListener('abort', end);
      if (this.#followed.get(name) === followed) this.#followed.delete(name);
    });
    followed.begun.catch(end);
  }

  /** Follows a replica, after the last event that it has reported or else from now on. @throws CannotTell */
  async #begun(sibling: Sibling, controller: AbortController): Promise<void> {
    const { name, address } = sibling;
    const { signal } = controller;
    if (!this.#last.has(name)) await this.#count(sibling, signal);
    const { controlToken } = this.#parts.options;
    const headers = {
      [SECRET_HEADER]: this.#secret,
      ...(controlToken === undefined ? {} : { authorization: `Bearer ${controlToken}` }),
    };
    const url = new URL(`${CONTROL_PATH}/events?since=${this.#last.get(name) ?? 0}`, address);
    const { wall } = this.#parts;
    try {
      await new Promise<void>((resolve, reject) => {
        const over = () => {
          cancel();
          reject(new Error('it ended'));
          controller.abort();
        };
        const asked = get(url, { headers, agent: false, signal }, (answer) => {
          answer.on('error', over);
          if (answer.statusCode !== 200) return void answer.resume().on('end', over);
          createInterface({ input: answer })
            .on('line', (line) => {
              if (signal.aborted) return;
              if (this.#hear(name, line) !== 'start') return;
              cancel();
              resolve();
            })
            .on('error', over)
            .on('close', over);
        }).on('error', over);
        const cancel = wall.at(wall.now() + BEGIN_MS, () => asked.destroy());
      });
    } catch {
      throw this.#leave === undefined ? noAnswerOf(name) : await this.#siblings.broken(sibling);
    }
  }

  /** Counts what happened in a replica while it was not followed. */
  async #count(sibling: Sibling, signal: AbortSignal): Promise<void> {
    const { next, own } = await this.#siblings.ask(sibling, 'happened', undefined);
    if (signal.aborted) throw noAnswerOf(sibling.name);
    this.feed.skip(own - (this.#counted.get(sibling.name) ?? 0));
    this.#counted.set(sibling.name, own);
    this.#last.set(sibling.name, next - 1);
  }

  #hear(name: string, line: string): LiveEvent['event'] | undefined {
    if (line.length > LONGEST_LINE) return undefined;
    const event = JSON.parse(line) as LiveEvent;
    if (event.event === 'session') this.feed.progressed([event]);
    else if (event.event === 'gap') {
      this.#took(name, event.missed, event.missed);
      this.feed.skip(event.missed);
    } else if (event.event !== 'start') {
      this.#took(name, 1, isOwn(event) ? 1 : 0);
      if (isOwn(event)) this.feed.add(happenedOf(event));
    }
    return event.event;
  }

  #took(name: string, events: number, own: number): void {
    this.#last.set(name, (this.#last.get(name) ?? 0) + events);
    this.#counted.set(name, (this.#counted.get(name) ?? 0) + own);
  }
}

/** What has happened, without the number and the time that another feed gave it. */
function happenedOf(event: Numbered): Happened {
  const fields = Object.entries(event).filter(([name]) => name !== 'n' && name !== 'atMs');
  // The types differ only in the fields that were left out.
  return Object.fromEntries(fields) as unknown as Happened;
}
