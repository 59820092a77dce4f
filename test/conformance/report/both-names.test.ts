import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../../src/conformance/', import.meta.url));

/** Where flags are named alone, and why this misleads no one who uses the library. */
const ALONE: readonly RegExp[] = [
  // Only the command starts clients, merges reports and prints commands to run again.
  /^(client|merge|report\/repeat)\//,
  /^run-client\.ts$/,
  /^client-run-options\.ts$/,
  // What has to be the same in all parts of a run, which only the command merges.
  /^server-part\.ts$/,
  // "The budget was used up" comes before it, and that is the name of the option.
  /^player\/budget\.ts$/,
  // Custom properties of CSS.
  /^report\/formats\/html\//,
];

const COMMENT = /\/\*[^]*?\*\/|\/\/.*/g;
const FLAG = /(?<![\w-])--[a-z][a-z-]+/;

// A report of the library asked for "--strict", which is `strict` there.
it('sentences that users of the library see name the option wherever they name a flag', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !ALONE.some((each) => each.test(file)));
  const alone = files.flatMap((file) =>
    readFileSync(`${SRC}${file}`, 'utf8')
      .replaceAll(COMMENT, '')
      .split('\n')
      .filter((line) => FLAG.test(line) && !line.includes('bothNames('))
      .map((line) => `${file}: ${line.trim()}`),
  );

  expect(files.length).toBeGreaterThan(100);
  expect(alone).toEqual([]);
});
