import { expect, it } from 'vitest';
import { RUNNER_ENV } from '../support/programs/other-runner.ts';
import { Program, serve } from '../support/programs/program.ts';
import { samples } from '../support/programs/readme.ts';

/** Node.js 20 has it only with a flag. */
const FLAGS = 'WebSocket' in globalThis ? [] : ['--experimental-websocket'];

const IMPORT = "import WebSocket from 'ws';\n";

it('the sample for browsers runs with the WebSocket that is built into Node.js', async () => {
  const [, sample = ''] =
    samples('js').find(([heading]) => heading.includes('in a browser or in Node.js')) ?? [];
  expect(sample).toContain(IMPORT);

  await using fake = await serve();
  const source = sample
    .replace(IMPORT, '')
    .replace('ws://127.0.0.1:8080', fake.urls.url.replace('http', 'ws'));
  await using client = new Program(
    process.execPath,
    [...FLAGS, '--input-type=module', '--eval', source],
    RUNNER_ENV,
  );

  expect(await client.exit).toEqual({ code: 0, signal: null });
  expect(client.stdout).toMatch(/^interim: good/m);
  expect(client.stdout).toMatch(/^final: .*\n(final: .*\n)?closed: 1000\n$/m);
});
