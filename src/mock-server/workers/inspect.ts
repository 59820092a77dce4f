import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from '../../wire/ws.ts';
import type { OnMalformed } from '../upgrade/answer.ts';

/** Calls `then` for a well-formed upgrade, whose answer is left to another process. */
export type Inspect = (
  request: IncomingMessage,
  duplex: Duplex,
  head: Buffer,
  onMalformed: OnMalformed,
  then: () => void,
) => void;

interface Callbacks {
  readonly onMalformed: OnMalformed;
  readonly then: () => void;
}

/** Looks at upgrades exactly as `ws` does before it answers them. */
export function newInspector(): Inspect {
  const waiting = new WeakMap<IncomingMessage, Callbacks>();
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // With two parameters it has all the time it wants; as this one never answers `ws`, nothing is sent from here.
    verifyClient: ({ req }: { req: IncomingMessage }, _answer: unknown) => waiting.get(req)?.then(),
  });
  wss.on('wsClientError', (error, duplex, request) =>
    waiting.get(request)?.onMalformed(error.message, duplex, request),
  );
  return (request, duplex, head, onMalformed, then) => {
    waiting.set(request, { onMalformed, then });
    wss.handleUpgrade(request, duplex, head, () => undefined);
  };
}
