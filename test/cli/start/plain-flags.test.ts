import { array, assert, asyncProperty, constantFrom } from 'fast-check';
import yargs from 'yargs';
import { expect, it } from 'vitest';
import { withFlags } from '../../../src/cli/flag.ts';
import { FLAGS } from '../../../src/cli/serve/serve.ts';
import { plainFlags } from '../../../src/cli/start/plain-flags.ts';

/** The values that yargs finds; undefined if it refuses the flags. */
async function asYargs(args: readonly string[]): Promise<Readonly<Record<string, unknown>> | undefined> {
  const parser = withFlags(yargs([...args]), FLAGS)
    .strict()
    .help(false)
    .version(false)
    .exitProcess(false)
    .parserConfiguration({ 'camel-case-expansion': false })
    .fail(() => {
      throw new Error('refused');
    });
  try {
    const found = Object.entries(await parser.parseAsync());
    return Object.fromEntries(found.filter(([name, value]) => !/^[_$]/.test(name) && value !== undefined));
  } catch {
    return undefined;
  }
}

it.each([
  { args: [], given: {} },
  { args: ['--port', '0', '--json'], given: { port: '0', json: true } },
  { args: ['--key=a:user', '--key', 'b', '--no-page'], given: { key: ['a:user', 'b'], page: false } },
  { args: ['--watch', '--scenarios', 'a folder'], given: { watch: '', scenarios: ['a folder'] } },
  { args: ['--watch=close', '--control-token=a=b'], given: { watch: 'close', 'control-token': 'a=b' } },
])('$args is read without yargs', async ({ args, given }) => {
  expect(plainFlags(args, FLAGS)).toEqual(given);
  expect(await asYargs(args)).toEqual(given);
});

it.each([
  ...[
    '--help',
    '--version',
    '-h',
    'words',
    '--',
    '--port',
    '--port=',
    '--prot=1',
    '--json=true',
    '--no-port',
  ],
  ...[
    '--port 1 --port 2',
    '--key a b',
    '--json false',
    '--speed -1',
    '--key "a"',
    "--key='a'",
    '--no-no-page',
  ],
  ...[
    '--json --json',
    '--watch close',
    '--constructor',
    '--port --json',
    '---port 1',
    '--Port 1',
    '--port.x 1',
  ],
])('%s is left to yargs', (line) => {
  expect(plainFlags(line.split(' '), FLAGS)).toBeUndefined();
});

it('flags that are read without yargs have the values that yargs would find', async () => {
  const word = constantFrom(
    ...['--port', '--port=0', '--key', '--key=a', '--key=', '--json', '--no-json', '--no-page', '--page'],
    ...[
      '--watch',
      '--watch=close',
      '--scenario',
      '--speed=-1',
      '--redact=a,b',
      '--tls',
      '--open=no',
      '--edition',
    ],
    ...['0', '1.5', 'a', 'scriptix=examples', 'true', '-1', '-', '', '"b"', ' c ', '0x10', 'a\nb', 'é', '--'],
  );
  let read = 0;
  await assert(
    asyncProperty(array(word, { maxLength: 5 }), async (args) => {
      const given = plainFlags(args, FLAGS);
      if (given === undefined) return;
      read += 1;
      expect(await asYargs(args)).toEqual(given);
    }),
    { numRuns: 1000 },
  );

  expect(read).toBeGreaterThan(100);
});
