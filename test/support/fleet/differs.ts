import type { Several } from './project.ts';

/** A test of the control API that does not run with several processes or replicas. */
interface Differs {
  /** Where it does not run; if omitted, it runs in neither. */
  readonly several?: Several;
  readonly file: string;
  /** The title, or how the titles begin. */
  readonly title: string;
  readonly why: string;
}

const STAND_INS = 'stand-ins of secrets have larger numbers with workers (docs/workers.md)';
const SENTENCE = 'expects the sentence of a method of the library, which differs from that of the call';
const CALLBACKS = 'looks at the pending callbacks in the process of the fake, which no call reports';
const ONE_TURN = 'sends more in one turn of the event loop than calls can';

const OF_EACH = 'each replica has limits, metrics and numbers of calls of its own (docs/fleet.md)';
const FILES = 'each replica has files of its own, so that --allow-save is refused (docs/fleet.md)';
const LEFT =
  'a balancer notifies a replica that a reader has left only when the replica writes to it (docs/fleet.md)';
const OF_REPLICAS = { several: 'replicas' } as const;
const SAVING = { ...OF_REPLICAS, file: 'scenario-files.test.ts', why: FILES } as const;

export const DIFFERS: readonly Differs[] = [
  { ...OF_REPLICAS, file: 'control.test.ts', title: 'no longer counts towards the limit', why: OF_EACH },
  { ...OF_REPLICAS, file: 'control.test.ts', title: 'has metrics that add up', why: OF_EACH },
  { ...OF_REPLICAS, file: 'follow.test.ts', title: 'are limited in number', why: OF_EACH },
  { ...OF_REPLICAS, file: 'sessions.test.ts', title: 'a session that is open, but beyond', why: OF_EACH },
  // The earlier call is h1 of one of the replicas, so its id may be h1000000001 or h2000000001.
  {
    ...OF_REPLICAS,
    file: 'mistakes.test.ts',
    title: "'GET sessions/h1/wait?for=start', mistake",
    why: OF_EACH,
  },
  { ...OF_REPLICAS, file: 'mistakes.test.ts', title: "'POST sessions/h1/send', mistake", why: OF_EACH },
  { ...OF_REPLICAS, file: 'events.test.ts', title: 'report refusals and calls', why: OF_EACH },
  { ...OF_REPLICAS, file: 'events.test.ts', title: 'are refused to readers beyond', why: LEFT },
  // Three replicas have room for more waits than one.
  { ...OF_REPLICAS, file: 'next.test.ts', title: 'is not given to a caller', why: OF_EACH },
  { ...OF_REPLICAS, file: 'verify.test.ts', title: 'is no longer waited for', why: OF_EACH },
  { ...OF_REPLICAS, file: 'document.test.ts', title: 'is the one of its caller or a number', why: OF_EACH },
  { ...SAVING, title: 'is written to a file, and' },
  { ...SAVING, title: 'replaces another only if' },
  { ...SAVING, title: 'cannot be named ' },
  { ...SAVING, title: 'is never written through a symbolic' },
  { ...SAVING, title: 'must have no mistakes' },
  { ...SAVING, title: 'needs a writable folder' },
  {
    file: 'control.test.ts',
    title: 'are listed, both open and ended, together with the HTTP requests',
    why: STAND_INS,
  },
  {
    file: 'control.test.ts',
    title: 'are listed without a journal for as long as they are open',
    why: 'a session that has ended without a journal lives on in objects of its own process only',
  },
  {
    file: 'control.test.ts',
    title: 'to a misspelt scenario are refused with the name that may have been meant',
    why: SENTENCE,
  },
  {
    file: 'follow.test.ts',
    title: 'is cut off for a reader who does not read, so that nothing piles up',
    why: ONE_TURN,
  },
  {
    file: 'follow.test.ts',
    title: 'reports how many events a reader missed because the journal had no room for them',
    why: ONE_TURN,
  },
  {
    file: 'hold.test.ts',
    title: 'are listed without the secrets of the client that they repeat',
    why: STAND_INS,
  },
  { file: 'verify.test.ts', title: 'is refused if there are ', why: SENTENCE },
  { file: 'sessions.test.ts', title: 'aborted with ', why: CALLBACKS },
  { file: 'sessions.test.ts', title: 'may be aborted with ', why: CALLBACKS },
  {
    file: 'sessions.test.ts',
    title: 'ends when the client ends it or the server stops',
    why: 'asks objects after the end of the server, when no call is answered',
  },
];
