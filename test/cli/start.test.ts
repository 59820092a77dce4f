import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { CLI } from '../support/programs/cli.ts';

/** The packages that a module of the build and all that it imports bring with them at once. */
function packagesOf(module: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(module)) return seen;
  seen.add(module);
  for (const [, name = ''] of readFileSync(module, 'utf8').matchAll(
    /^(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm,
  )) {
    if (name.startsWith('.')) packagesOf(join(dirname(module), name), seen);
    else if (!name.startsWith('node:')) seen.add(name);
  }
  return seen;
}

// A list of names beside schemas once doubled the time until the fake listened.
it('the command loads nothing before it listens but what a connection needs', () => {
  const packages = [...packagesOf(CLI)].filter((each) => !each.startsWith('/'));

  expect(packages.sort()).toEqual(['ipaddr.js', 'ws']);
});
