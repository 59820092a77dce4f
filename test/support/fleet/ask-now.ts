import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Ask } from '../clients/ask.ts';

export interface AnswerNow {
  readonly status: number;
  readonly text: string;
}

/** The work of the thread: it makes a call over HTTP and then wakes the waiting thread. */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { request } = require('node:http');
  parentPort.on('message', ({ url, method, headers, body, port, woken }) => {
    const done = (answer) => {
      port.postMessage(answer);
      Atomics.store(woken, 0, 1);
      Atomics.notify(woken, 0);
    };
    request(url, { method, headers, agent: false }, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => done({ status: response.statusCode, text: Buffer.concat(pieces).toString() }));
    })
      .on('error', (error) => done({ error: error.message }))
      .end(body);
  });
`;

/** Longer than any answer takes to a call that does not wait for something. */
const PATIENCE_MS = 20_000;

let thread: Worker | undefined;

/** A synchronous call over HTTP, because a test reads the properties of an object without awaiting them. */
export function askNow(url: string, { method = 'GET', headers = {}, body }: Ask = {}): AnswerNow {
  thread ??= new Worker(THREAD, { eval: true });
  thread.unref();
  const { port1, port2 } = new MessageChannel();
  const woken = new Int32Array(new SharedArrayBuffer(4));
  thread.postMessage({ url, method, headers, body, port: port2, woken }, [port2]);
  const came = Atomics.wait(woken, 0, 0, PATIENCE_MS);
  const answer = receiveMessageOnPort(port1)?.message as
    | (AnswerNow & { readonly error?: string })
    | undefined;
  port1.close();
  if (answer === undefined) throw new Error(`${method} ${url}: no answer (${came})`);
  if (answer.error !== undefined) throw new Error(`${method} ${url}: ${answer.error}`);
  return answer;
}
