import { connect, type LookupFunction, type Socket } from 'node:net';

/**
 * The status line of Shoutcast, and of Icecast for old clients: `ICY 200 OK`. The rest of such an answer is HTTP/1.0,
 * and that is what Node's parser is given.
 */
const ICY = Buffer.from('ICY ');
const HTTP = Buffer.from('HTTP/1.0 ');

/** A connection whose answer may begin like Shoutcast's. */
export function connectToRadio(target: { host: string; port: number; lookup: LookupFunction }): Socket {
  const socket = connect(target);
  const push = socket.push.bind(socket);
  let begun: Buffer = Buffer.alloc(0);
  socket.push = (chunk: unknown) => {
    const isBytes = chunk instanceof Uint8Array;
    begun = isBytes ? Buffer.concat([begun, chunk]) : begun;
    // Four bytes decide; they may arrive one by one.
    if (isBytes && begun.length < ICY.length && ICY.subarray(0, begun.length).equals(begun)) return true;
    socket.push = push;
    const isIcy = begun.subarray(0, ICY.length).equals(ICY);
    if (begun.length > 0) push(isIcy ? Buffer.concat([HTTP, begun.subarray(ICY.length)]) : begun);
    return isBytes ? true : push(chunk);
  };
  return socket;
}
