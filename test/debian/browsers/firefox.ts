import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { z } from 'zod';
import { Program } from '../../support/programs/program.ts';
import type { DrivenBrowser } from './driven.ts';

const message = z.object({
  id: z.number().nullish(),
  type: z.enum(['success', 'error', 'event']),
  result: z.unknown(),
  message: z.string().optional(),
});

type Message = z.infer<typeof message>;

/** A connection of WebDriver BiDi, the protocol that Firefox is driven with. */
class BiDi {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (told: Message | Error) => void>();
  #calls = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const read = message.parse(JSON.parse(data.toString()));
      if (typeof read.id === 'number') this.#waiting.get(read.id)?.(read);
    });
    socket.on('close', () => {
      for (const end of this.#waiting.values()) end(new Error('Firefox has ended'));
    });
  }

  async call<T>(method: string, params: object, result: z.ZodType<T>): Promise<T> {
    const id = (this.#calls += 1);
    this.#socket.send(JSON.stringify({ id, method, params }));
    const told = await new Promise<Message | Error>((resolve) => this.#waiting.set(id, resolve));
    this.#waiting.delete(id);
    if (told instanceof Error) throw told;
    if (told.type === 'error') throw new Error(`${method}: ${told.message ?? 'refused'}`);
    return result.parse(told.result);
  }

  close(): void {
    this.#socket.terminate();
  }
}

const evaluated = z.union([
  z.object({ type: z.literal('success'), result: z.object({ value: z.unknown().optional() }) }),
  z.object({ type: z.literal('exception'), exceptionDetails: z.object({ text: z.string() }) }),
]);

/**
 * Starts Debian's Firefox.
 *
 * @param script runs before the scripts of each page
 */
export async function startFirefox(env: NodeJS.ProcessEnv, script: string): Promise<DrivenBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'understudy-firefox-'));
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'];
  const program = new Program('firefox-esr', args, env);
  let bidi: BiDi | undefined;
  const dispose = async () => {
    bidi?.close();
    await program[Symbol.asyncDispose]();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await program.said(/WebDriver BiDi listening on ws:\S+\n/);
    const socket = new WebSocket(`${/listening on (ws:\S+)\n/.exec(program.stderr)?.[1] ?? ''}/session`);
    await once(socket, 'open');
    bidi = new BiDi(socket);
    return { ...(await drive(bidi, script)), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function drive(bidi: BiDi, script: string): Promise<Omit<DrivenBrowser, typeof Symbol.asyncDispose>> {
  await bidi.call('session.new', { capabilities: {} }, z.unknown());
  const ofTab = z.object({ context: z.string() });
  const { context } = await bidi.call('browsingContext.create', { type: 'tab' }, ofTab);
  await bidi.call('script.addPreloadScript', { functionDeclaration: `() => {${script}}` }, z.unknown());
  return {
    page: {
      async evaluate(expression) {
        const params = { expression, target: { context }, awaitPromise: true };
        const found = await bidi.call('script.evaluate', params, evaluated);
        if (found.type === 'exception') throw new Error(found.exceptionDetails.text);
        return found.result.value;
      },
      async click(selector) {
        const locator = { type: 'css', value: selector };
        const located = z.object({ nodes: z.tuple([z.object({ sharedId: z.string() })]) });
        const { nodes } = await bidi.call('browsingContext.locateNodes', { context, locator }, located);
        const origin = { type: 'element', element: { sharedId: nodes[0].sharedId } };
        const actions = [
          { type: 'pointerMove', x: 0, y: 0, origin },
          { type: 'pointerDown', button: 0 },
          { type: 'pointerUp', button: 0 },
        ];
        const mouse = { type: 'pointer', id: 'mouse', actions };
        await bidi.call('input.performActions', { context, actions: [mouse] }, z.unknown());
      },
    },
    async open(url) {
      await bidi.call('browsingContext.navigate', { context, url, wait: 'complete' }, z.unknown());
    },
  };
}
