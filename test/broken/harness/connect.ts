import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Asked, Behaviour, Fields, Line } from './mutation.ts';
import { afterwards } from './time.ts';

export interface Ends {
  /** To the client. */
  readonly front: WebSocket;
  /** To the fake; undefined if the fake has refused and the server continues by itself. */
  readonly back: WebSocket | undefined;
  /** The socket of the front. */
  readonly socket: Socket;
  readonly asked: Asked;
  readonly behaviour: Behaviour;
}

const ABRUPT = 1006;
const NO_CODE = 1005;

function echo(payload: Buffer): Buffer {
  return payload;
}

/** Connects the two ends of a connection through a server that behaves differently. */
export function connect({ front, back, socket, asked, behaviour }: Ends): void {
  const { onOpen, onSaid, onHeard, onEnd, pong = echo, onLost, onGoodbye } = behaviour;
  const timers = new Set<() => void>();
  /** What waits for the fake's Pongs, which it sends after its answers. */
  const waiting: (() => void)[] = [];
  const close = front.close.bind(front);
  const line: Line = {
    asked,
    get isOpen() {
      return front.readyState === WebSocket.OPEN;
    },
    say(message) {
      if (line.isOpen) front.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    sayBinary(bytes) {
      if (line.isOpen) front.send(bytes);
    },
    raw: (bytes) => void socket.write(bytes),
    close(code, reason = '') {
      if (code === ABRUPT) front.terminate();
      else if (code === NO_CODE || code === undefined) close();
      else close(code, reason);
    },
    hangUp: () => void socket.end(),
    drop: () => front.terminate(),
    hear(message) {
      if (back?.readyState === WebSocket.OPEN) back.send(message);
    },
    answered(act) {
      if (back?.readyState !== WebSocket.OPEN) return;
      waiting.push(act);
      back.ping();
    },
    later(afterMs, act) {
      const cancel = afterwards(afterMs, () => {
        timers.delete(cancel);
        if (line.isOpen) act();
      });
      timers.add(cancel);
    },
  };
  // `ws` answers a Close frame by itself, with this.
  if (onGoodbye !== undefined) front.close = () => onGoodbye(line);

  front.on('message', (data: Buffer, isBinary) => {
    const message = isBinary ? data : data.toString();
    if (onHeard === undefined) line.hear(message);
    else onHeard(message, line);
  });
  front.on('ping', (payload: Buffer) => {
    const answer = pong(payload);
    if (answer === undefined) return;
    const answers = () => {
      if (line.isOpen) front.pong(answer);
    };
    // A Pong says that everything sent before it has arrived, so it comes after what the fake still has to say: on a busy
    // machine the runner left without the last words, which then differed from those of the same audio.
    if (back?.readyState === WebSocket.OPEN) line.answered(answers);
    else answers();
  });
  front.on('error', () => undefined);
  front.on('close', (code, reason) => {
    for (const cancel of timers) cancel();
    if (code === ABRUPT) onLost?.();
    if (back === undefined) return;
    if (code === ABRUPT) back.terminate();
    else if (code === NO_CODE) back.close();
    else back.close(code, reason);
  });

  back?.on('message', (data: Buffer) => {
    const text = data.toString();
    if (onSaid === undefined) line.say(text);
    else onSaid(JSON.parse(text) as Fields, line);
  });
  back?.on('pong', () => waiting.shift()?.());
  back?.on('close', (code, reason) => {
    if (onEnd === undefined) line.close(code, reason.toString());
    else onEnd(code, reason.toString(), line);
  });
  onOpen?.(line);
}
