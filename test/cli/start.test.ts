import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { CLI } from '../support/programs/cli.ts';

const IMPORTED = /^(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm;
const REQUIRED = /createRequire\(import\.meta\.url\)\('([^']+)'\)/g;

/** What a module of the build and all that it imports bring with them at once. */
interface Loaded {
  readonly modules: Set<string>;
  readonly imported: Set<string>;
  readonly required: Set<string>;
}

function loadedBy(module: string, loaded: Loaded): Loaded {
  if (loaded.modules.has(module)) return loaded;
  loaded.modules.add(module);
  const code = readFileSync(module, 'utf8');
  for (const [, name = ''] of code.matchAll(REQUIRED)) loaded.required.add(name);
  for (const [, name = ''] of code.matchAll(IMPORTED)) {
    if (name.startsWith('.')) loadedBy(join(dirname(module), name), loaded);
    else if (!name.startsWith('node:')) loaded.imported.add(name);
  }
  return loaded;
}

/** All but the entry, which switches on the cache of compiled code before it loads this. */
const COMMANDS = join(dirname(CLI), 'commands.js');

const { modules, imported, required } = loadedBy(COMMANDS, {
  modules: new Set(),
  imported: new Set(),
  required: new Set(),
});

/** Each takes half a millisecond. What is needed only later belongs behind a dynamic import. */
const MOST_MODULES = 119;

// A list of names beside schemas once doubled the time until the fake listened.
it('the command loads no package before it listens but those that flags and connections need', () => {
  expect([...imported, ...required].sort()).toEqual(['ipaddr.js', 'ws', 'yargs']);
});

// Node read the files of ws twice, and the start took a quarter longer.
it('the packages in CommonJS that the command loads before it listens are required, not imported', () => {
  expect([...imported]).toEqual([]);
});

// Each edition and dialect brought some modules with it, until the start had become half as long again.
it('the command loads few modules before it listens', () => {
  expect(modules.size).toBeLessThanOrEqual(MOST_MODULES);
});

it.each(['audio/hear.js', 'generate/utterances.js', 'mock-server/engine/step.js', 'scenario/compile.js'])(
  '%s is loaded after the start',
  (module) => {
    expect(modules).not.toContain(join(dirname(CLI), '..', module));
    expect(existsSync(join(dirname(CLI), '..', module))).toBe(true);
  },
);
