import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { CLI } from '../support/programs/cli.ts';

const IMPORTED = /^(?:import|export)\s(?:[^'"]*?\sfrom\s)?"([^"]+)"/gm;
const REQUIRED = /createRequire\d*\([^;]*?import\.meta\.url\)\.href\)\("([^"]+)"\)/g;
/** Where the bundle says that a module begins. */
const BEGUN = /^\/\/ (\S+\.js)$/gm;

/** Everything that a file of the bundle loads at once, with all that it imports. */
interface Loaded {
  readonly files: Set<string>;
  readonly modules: Set<string>;
  readonly imported: Set<string>;
  readonly required: Set<string>;
  bytes: number;
}

function loadedBy(file: string, loaded: Loaded): Loaded {
  if (loaded.files.has(file)) return loaded;
  loaded.files.add(file);
  const code = readFileSync(file, 'utf8');
  loaded.bytes += code.length;
  for (const [, name = ''] of code.matchAll(BEGUN)) loaded.modules.add(name);
  for (const [, name = ''] of code.matchAll(REQUIRED)) loaded.required.add(name);
  for (const [, name = ''] of code.matchAll(IMPORTED)) {
    if (name.startsWith('.')) loadedBy(join(dirname(file), name), loaded);
    else if (!name.startsWith('node:')) loaded.imported.add(name);
  }
  return loaded;
}

/** The entry of the command switches on the cache of compiled code before it loads this file. */
const [, commands = ''] = /await import\("([^"]+)"\)/.exec(readFileSync(CLI, 'utf8')) ?? [];

const { files, modules, imported, required, bytes } = loadedBy(join(dirname(CLI), commands), {
  files: new Set(),
  modules: new Set(),
  imported: new Set(),
  required: new Set(),
  bytes: 0,
});

/** What is needed only later belongs behind a dynamic import. */
const MOST_BYTES = 270_000;

// A list of names beside schemas once doubled the time until the fake listened.
it('before it listens, the command loads only the packages that connections need', () => {
  expect([...imported, ...required].sort()).toEqual(['ipaddr.js', 'ws']);
});

// Node read the files of ws twice, and the start took a quarter longer.
it('CommonJS packages that the command loads before it listens are required, not imported', () => {
  expect([...imported]).toEqual([]);
});

// Each file takes half a millisecond to find and read; there were 119 before there was a bundle.
it('before it listens, the command loads two files besides its entry', () => {
  expect(files.size).toBe(2);
});

// Each edition and dialect brought some modules with it, until the start had become half as long again.
it('before it listens, the command loads little code', () => {
  expect(modules).toContain('mock-server/server.js');
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
});

it.each([
  'audio/hear.js',
  'cli/start/parser.js',
  'generate/utterances.js',
  'mock-server/engine/step.js',
  'scenario/compile/compile.js',
])('%s is loaded after the start', (module) => {
  expect(readFileSync(join(dirname(CLI), '..', module), 'utf8')).not.toBe('');
  expect(modules).not.toContain(module);
});

// Node.js read 180 files of packages before a conformance run began, a third of its start.
it('packages of many files are bundled into one file each, with the licences of its contents', () => {
  const bundle = join(dirname(CLI), 'bundle');
  const packages = readdirSync(join(bundle, 'packages')).map((name) => name.replace(/\.js$/, ''));
  expect(packages).toEqual(expect.arrayContaining(['express', 'yaml', 'zod']));

  const parts = readdirSync(bundle).filter((name) => name.endsWith('.js'));
  const taken = parts.flatMap((name) =>
    [...readFileSync(join(bundle, name), 'utf8').matchAll(IMPORTED)].map(([, from]) => from),
  );
  for (const name of packages) {
    expect(taken).toContain(`./packages/${name}.js`);
    expect(taken).not.toContain(name);
    const code = readFileSync(join(bundle, 'packages', `${name}.js`), 'utf8');
    expect(code).toMatch(new RegExp(`^${name} \\d[^]*Permission [^]*\\*/\n`, 'm'));
  }
});
