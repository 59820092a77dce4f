import { once } from 'node:events';
import { WebSocket } from 'ws';

/** The memory that a process holds after its garbage was collected. */
export interface Held {
  /** Objects and buffers that are still in use: what V8 counts as used, plus memory outside its heap. */
  readonly liveBytes: number;
}

const ANSWER_TIMEOUT_MS = 20_000;

/**
 * Has a process that runs with `--inspect` collect its garbage, from outside and without its help: half-filled
 * young generations would otherwise hide what a session costs.
 */
export async function collectGarbage(inspectorUrl: string): Promise<Held> {
  const socket = new WebSocket(inspectorUrl, { perMessageDeflate: false });
  try {
    await once(socket, 'open');
    await ask(socket, 1, 'HeapProfiler.collectGarbage', {});
    const expression = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())';
    const answer = await ask(socket, 2, 'Runtime.evaluate', { expression, returnByValue: true });
    const { value } = (answer as { result: { value?: unknown } }).result;
    if (typeof value !== 'number') throw new Error('the inspector did not tell the memory usage');
    return { liveBytes: value };
  } finally {
    socket.close();
  }
}

function ask(socket: WebSocket, id: number, method: string, params: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer to ${method}`)), ANSWER_TIMEOUT_MS);
    socket.on('message', function hear(data: Buffer) {
      const answer = JSON.parse(data.toString()) as { id?: number; result?: unknown };
      if (answer.id !== id) return;
      socket.off('message', hear);
      clearTimeout(timer);
      resolve(answer.result);
    });
    socket.send(JSON.stringify({ id, method, params }));
  });
}
