// Bundles the compiled command: `node src/cli/start/bundle.mjs FOLDER` replaces FOLDER/cli/main.js, and what it loads is
// in FOLDER/cli/bundle. Node.js reads three files in place of a hundred until it listens; the modules themselves stay
// where they are, for the library.

import { readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';

const folder = resolve(process.argv[2] ?? 'dist', 'cli');
const parts = join(folder, 'bundle');
const commands = join(folder, 'commands.js');
const options = {
  entryPoints: [join(folder, 'main.js')],
  outdir: folder,
  absWorkingDir: folder,
  bundle: true,
  splitting: true,
  chunkNames: 'bundle/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  legalComments: 'none',
  logLevel: 'warning',
};

const { metafile } = await build({ ...options, write: false, metafile: true });
const imports = new Map(
  Object.entries(metafile.inputs).map(([path, input]) => [
    resolve(folder, path),
    input.imports
      .filter(({ external }) => external !== true)
      .map(({ kind, path: to }) => ({ kind, to: resolve(folder, to) })),
  ]),
);

/** Adds a module and all that it imports at once. */
function addWithImports(path, all) {
  if (all.has(path)) return;
  all.add(path);
  for (const { kind, to } of imports.get(path) ?? [])
    if (kind === 'import-statement') addWithImports(to, all);
}

const start = new Set();
addWithImports(commands, start);
start.delete(commands);
const later = new Set(
  [...imports.values()].flat().flatMap(({ kind, to }) => (kind === 'dynamic-import' ? to : [])),
);
later.delete(commands);

/** Without this, what a start needs would be in a file for each set of later modules that need a part of it, too. */
const startFirst = [...start].map((path) => `import ${JSON.stringify(path)};\n`).join('');

const plugin = {
  name: 'start',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      const code = await readFile(path, 'utf8');
      // What a module finds beside itself is found from there, although its code is elsewhere now.
      const place = JSON.stringify(relative(parts, path).split(sep).join('/'));
      const contents = code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`);
      return {
        contents: later.has(path) && !start.has(path) ? contents + startFirst : contents,
        loader: 'js',
      };
    });
  },
};

await build({ ...options, allowOverwrite: true, plugins: [plugin], sourcemap: true, sourcesContent: false });
