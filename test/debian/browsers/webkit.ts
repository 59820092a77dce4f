import { z } from 'zod';
import { Program } from '../../support/programs/program.ts';
import type { DrivenBrowser } from './driven.ts';

/** Debian's smallest browser with WebKitGTK. */
const MINI_BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

const answer = z.object({ value: z.unknown() });

/** The port is chosen here, because a driver that chooses one does not report it. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

/** Starts Debian's WebKit on an invisible screen. No script can run before those of its pages. */
export async function startWebKit(env: NodeJS.ProcessEnv): Promise<DrivenBrowser> {
  const port = FIRST_PORT + (process.pid % PORTS);
  const driver = new Program('xvfb-run', ['--auto-servernum', 'WebKitWebDriver', `--port=${port}`], {
    ...env,
    // Its sandbox does not start for root, as whom the tests may run.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  });
  let session = '';
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const { value } = answer.parse(await response.json());
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value).slice(0, 500)}`);
    return value;
  };
  const dispose = async () => {
    if (session !== '') await call('DELETE', session).catch(() => undefined);
    await driver[Symbol.asyncDispose]();
  };
  try {
    await untilItAnswers(() => call('GET', '/status'), driver);
    const options = { binary: MINI_BROWSER, args: ['--automation'] };
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
    const { sessionId } = z
      .object({ sessionId: z.string() })
      .parse(await call('POST', '/session', { capabilities }));
    session = `/session/${sessionId}`;
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    page: {
      evaluate: (expression) =>
        call('POST', `${session}/execute/sync`, { script: `return ${expression}`, args: [] }),
      async click(selector) {
        const found = await call('POST', `${session}/element`, { using: 'css selector', value: selector });
        const [id = ''] = Object.values(z.record(z.string(), z.string()).parse(found));
        await call('POST', `${session}/element/${id}/click`, {});
      },
    },
    async open(url) {
      await call('POST', `${session}/url`, { url });
    },
    [Symbol.asyncDispose]: dispose,
  };
}

const TRIES = 100;

async function untilItAnswers(ask: () => Promise<unknown>, driver: Program): Promise<void> {
  for (let left = TRIES; ; left--) {
    try {
      await ask();
      return;
    } catch (error) {
      if (left === 0) throw new Error(`WebKitWebDriver does not answer\n${driver.stderr}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
