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
const CALLBACKS = 'looks at the callbacks that wait in the process of the fake, which no call reports';
const ONE_TURN = 'sends more in one turn of the event loop than calls can';

const OF_EACH = 'each replica has limits, metrics and numbers of calls of its own (docs/fleet.md)';
const FILES = 'each replica has files of its own, so that --allow-save is refused (docs/fleet.md)';
const LEFT =
  'a balancer notifies a replica that a reader has left only when the replica writes to it (docs/fleet.md)';
const OF_REPLICAS = { several: 'replicas' } as const;
const SAVING = { ...OF_REPLICAS, file: 'scenario-files.test.ts', why: FILES } as const;

export const DIFFERS: readonly Differs[] = [
  { ...OF_REPLICAS, file: 'control.test.ts', title: 'makes room for others when its', why: OF_EACH },
  { ...OF_REPLICAS, file: 'control.test.ts', title: 'has metrics that add up', why: OF_EACH },
  { ...OF_REPLICAS, file: 'follow.test.ts', title: 'are limited in number', why: OF_EACH },
  { ...OF_REPLICAS, file: 'sessions.test.ts', title: 'a session that is open, but more than', why: OF_EACH },
  // The call before them is h1 of one of the servers, and may be h1000000001 or h2000000001.
  {
    ...OF_REPLICAS,
    file: 'mistakes.test.ts',
    title: "'GET sessions/h1/wait?for=start', mistake",
    why: OF_EACH,
  },
  { ...OF_REPLICAS, file: 'mistakes.test.ts', title: "'POST sessions/h1/send', mistake", why: OF_EACH },
  { ...OF_REPLICAS, file: 'events.test.ts', title: 'tell of refusals and calls', why: OF_EACH },
  { ...OF_REPLICAS, file: 'events.test.ts', title: 'are refused to more readers', why: LEFT },
  // One more wait than one replica has room for is not more than three replicas have room for.
  { ...OF_REPLICAS, file: 'next.test.ts', title: 'is not taken away by a client', why: OF_EACH },
  { ...OF_REPLICAS, file: 'verify.test.ts', title: 'ends when its caller leaves', why: OF_EACH },
  { ...OF_REPLICAS, file: 'document.test.ts', title: 'is that of its caller, or a number', why: OF_EACH },
  { ...SAVING, title: 'is a file, and what connections get' },
  { ...SAVING, title: 'replaces another only where' },
  { ...SAVING, title: 'cannot be named ' },
  { ...SAVING, title: 'never goes through a link' },
  { ...SAVING, title: 'has no mistakes' },
  { ...SAVING, title: 'needs a folder that can be written to' },
  {
    file: 'control.test.ts',
    title: 'are listed, open and ended, with the HTTP requests beside them',
    why: STAND_INS,
  },
  {
    file: 'control.test.ts',
    title: 'are there without a journal, as long as they are open',
    why: 'a session that has ended without a journal lives on in objects of its own process only',
  },
  {
    file: 'control.test.ts',
    title: 'to a scenario that is nearly one say which was meant',
    why: SENTENCE,
  },
  {
    file: 'follow.test.ts',
    title: 'is cut off for a reader who does not read, and nothing of it is kept',
    why: ONE_TURN,
  },
  {
    file: 'follow.test.ts',
    title: 'tells a reader what it missed when the journal had no room for it',
    why: ONE_TURN,
  },
  { file: 'hold.test.ts', title: 'show no secret of the client that they repeat', why: STAND_INS },
  { file: 'verify.test.ts', title: 'is refused where there are ', why: SENTENCE },
  { file: 'sessions.test.ts', title: 'aborted with ', why: CALLBACKS },
  { file: 'sessions.test.ts', title: 'may be aborted with ', why: CALLBACKS },
  {
    file: 'sessions.test.ts',
    title: 'ends when the client ends it, or the server stops',
    why: 'asks objects after the end of the server, when no call is answered',
  },
];
