import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { CONTROL_PATH } from '../addresses.ts';
import type { Happened, LiveEvent, Numbered } from '../feed/event.ts';
import { Feed } from '../feed/feed.ts';
import { progressIn } from '../feed/progress.ts';
import type { Parts } from '../start/assemble.ts';
import type { Peer, Peers } from './peers.ts';
import { SECRET_HEADER } from './questions.ts';

/** Events of this server that are passed on at a time. */
const PART = 64;
/** No line of a feed is longer, in characters. */
const LONGEST_LINE = 65_536;
/** What each server tells of itself; the others follow from what tests say, which all servers are told. */
const OWN: readonly LiveEvent['event'][] = [
  ...(['session-open', 'session-close', 'session-note', 'session-error', 'refused', 'request'] as const),
];

/** What happens in all servers, for those who look on at this one. The others are followed only while someone does. */
export class Watching {
  readonly feed: Feed;
  readonly #parts: Parts;
  readonly #peers: Peers;
  readonly #secret: string;
  readonly #followed = new Map<string, AbortController>();
  /** The last event that each server has told. */
  readonly #last = new Map<string, number>();
  #leave: (() => void) | undefined;

  constructor(parts: Parts, peers: Peers, secret: string) {
    this.#parts = parts;
    this.#peers = peers;
    this.#secret = secret;
    const { clock, wall } = parts;
    // Each server reports the progress of its own sessions.
    const open = () => [];
    this.feed = new Feed({ clock, wall, open, onWatched: (isOn) => (isOn ? this.#begin() : this.#end()) });
  }

  stop(): void {
    this.feed.stop();
    this.#end();
  }

  /** Other servers may have come or gone. */
  look(): void {
    if (this.#leave === undefined) return;
    for (const peer of this.#peers.all) {
      if (!peer.silence.aborted && !this.#followed.has(peer.name)) this.#follow(peer);
    }
  }

  #begin(): void {
    const { feed } = this.#parts;
    let next = feed.next;
    this.#leave = feed.read({
      progressIn,
      onMore: () => {
        const part = feed.part(next, PART);
        next = part.next;
        for (const event of part.events) this.feed.add(happenedOf(event));
      },
      onProgress: (progressed) => this.feed.progressed(progressed),
    });
    this.look();
  }

  #end(): void {
    this.#leave?.();
    this.#leave = undefined;
    for (const controller of this.#followed.values()) controller.abort();
    this.#followed.clear();
    this.#last.clear();
  }

  #follow({ name, address, silence }: Peer): void {
    const controller = new AbortController();
    this.#followed.set(name, controller);
    const over = () => {
      controller.abort();
      if (this.#followed.get(name) === controller) this.#followed.delete(name);
    };
    silence.addEventListener('abort', over, { once: true });
    const { controlToken } = this.#parts.options;
    const headers = {
      [SECRET_HEADER]: this.#secret,
      ...(controlToken === undefined ? {} : { authorization: `Bearer ${controlToken}` }),
    };
    const last = this.#last.get(name);
    const since = last === undefined ? '' : `?since=${last}`;
    const url = new URL(`${CONTROL_PATH}/events${since}`, address);
    get(url, { headers, agent: false, signal: controller.signal }, (answer) => {
      answer.on('error', over);
      if (answer.statusCode !== 200) return void answer.resume().on('end', over);
      createInterface({ input: answer })
        .on('line', (line) => this.#hear(name, line))
        .on('error', over)
        .on('close', over);
    }).on('error', over);
  }

  #hear(name: string, line: string): void {
    if (line.length > LONGEST_LINE || this.#leave === undefined) return;
    const event = JSON.parse(line) as LiveEvent;
    if (event.event === 'session') return this.feed.progressed([event]);
    if (event.event === 'start') return void this.#last.set(name, event.next - 1);
    if (event.event === 'gap') return;
    this.#last.set(name, event.n);
    if (OWN.includes(event.event)) this.feed.add(happenedOf(event));
  }
}

/** What has happened, without the number and the time that another feed gave it. */
function happenedOf(event: Numbered): Happened {
  const fields = Object.entries(event).filter(([name]) => name !== 'n' && name !== 'atMs');
  // The types differ only in the fields that were left out.
  return Object.fromEntries(fields) as unknown as Happened;
}
