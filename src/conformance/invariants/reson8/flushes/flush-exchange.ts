import { derived } from '../../../conversation/derived.ts';
import type { Conversation, Heard, Said } from '../../../conversation/conversation.ts';
import { countUntil } from '../../../conversation/ordered.ts';
import type { Fields } from '../../../conversation/read-message.ts';

/** A flush request, and the answers to it. */
export interface Flush {
  readonly request: Said;
  /** As it was sent; undefined if there was none, or it was null. */
  readonly id: unknown;
  /** Equal for equal ids. */
  readonly key: string;
  readonly confirmation: Heard | undefined;
  /** Whether the confirmation has the id of the request; for a request without an id, null or none. */
  readonly isMatched: boolean;
  /** Further confirmations of it after the first. */
  readonly again: readonly Heard[];
}

/** The flushes of a connection. */
export interface FlushExchange {
  /** In the order of the requests. */
  readonly flushes: readonly Flush[];
  /** Confirmations that belong to no request. */
  readonly unsolicited: readonly Heard[];
}

const isSaid = (each: Said | Heard): each is Said => each.message.from === 'client';

type Draft = { -readonly [Key in keyof Flush]: Flush[Key] } & { again: Heard[] };

/**
 * Assigns confirmations to requests: first by id, byte for byte, and to the earlier request if ids repeat. Each
 * remaining confirmation either confirms an open request with a wrong id, or confirms a request a second time.
 */
export const flushesOf = derived(({ said, heard }: Conversation): FlushExchange => {
  const flushes: Draft[] = [];
  const byKey = new Map<string, Draft[]>();
  const confirmedByKey = new Map<string, number>();
  const left: Heard[] = [];
  for (const each of merged(said, heard)) {
    if (isSaid(each)) {
      const flush = draftOf(each);
      flushes.push(flush);
      const same = byKey.get(flush.key);
      if (same === undefined) byKey.set(flush.key, [flush]);
      else same.push(flush);
    } else {
      const confirmation = each;
      const key = keyOf(idIn(confirmation.message.fields));
      // Requests with the same id are confirmed in order.
      const confirmed = confirmedByKey.get(key) ?? 0;
      const open = byKey.get(key)?.[confirmed];
      if (open === undefined) left.push(confirmation);
      else {
        confirmedByKey.set(key, confirmed + 1);
        Object.assign(open, { confirmation, isMatched: true });
      }
    }
  }
  // The last element is the earliest request.
  const open = flushes.filter(({ confirmation }) => confirmation === undefined).reverse();
  const unsolicited = left.filter((confirmation) => !isTaken(confirmation, open, byKey));
  return { flushes, unsolicited };
});

/**
 * Assigns a confirmation without a matching open request to a request that it may be meant for, which is then no longer
 * open.
 */
function isTaken(confirmation: Heard, open: Draft[], byKey: ReadonlyMap<string, readonly Draft[]>): boolean {
  const first = open.at(-1);
  if (first !== undefined && first.request.index < confirmation.index) {
    first.confirmation = confirmation;
    open.pop();
    return true;
  }
  const same = byKey.get(keyOf(idIn(confirmation.message.fields))) ?? [];
  const confirmed = same[countUntil(same, confirmation.index, ({ request }) => request.index) - 1];
  confirmed?.again.push(confirmation);
  return confirmed !== undefined;
}

function draftOf(request: Said): Draft {
  const fields = request.message.kind === 'flush' ? request.message.fields : undefined;
  const id = idIn(fields);
  return { request, id, key: keyOf(id), confirmation: undefined, isMatched: false, again: [] };
}

function idIn(fields: Fields | undefined): unknown {
  return fields?.['id'] ?? undefined;
}

function keyOf(id: unknown): string {
  return id === undefined ? 'none' : JSON.stringify(id);
}

/** Requests and confirmations in the order in which they crossed the wire. */
function merged(said: readonly Said[], heard: readonly Heard[]): readonly (Said | Heard)[] {
  const requests = said.filter(({ message }) => message.kind === 'flush');
  const confirmations = heard.filter(({ message }) => message.kind === 'confirmation');
  return [...requests, ...confirmations].sort((a, b) => a.index - b.index);
}
