// Bundles the compiled command: `node src/cli/start/bundle.mjs FOLDER` replaces FOLDER/cli/main.js and the programs of its
// threads and processes, and what they load is in FOLDER/cli/bundle. Node.js reads three files in place of a hundred until
// it listens; the modules themselves stay where they are, for the library.

import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';
import { bundlePackages } from './bundle-packages.mjs';

const folder = resolve(process.argv[2] ?? 'dist');
const parts = join(folder, 'cli/bundle');
const commands = join(folder, 'cli/commands.js');
/** What the command starts beside itself: the thread that judges for the control API, and the process of a worker. */
const beside = ['cli/judge/thread.js', 'mock-server/workers/worker.js'].map((path) => join(folder, path));
const options = {
  entryPoints: [join(folder, 'cli/main.js'), ...beside],
  outdir: folder,
  outbase: folder,
  absWorkingDir: folder,
  bundle: true,
  splitting: true,
  chunkNames: 'cli/bundle/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // esbuild makes variables of the constants of modules, which V8 reads again each time; numbers become literals with this.
  minifySyntax: true,
  packages: 'external',
  legalComments: 'none',
  logLevel: 'warning',
};

const { format, platform, target, logLevel } = options;
const packages = await bundlePackages(join(parts, 'packages'), { format, platform, target, logLevel });

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
const later = new Set([
  ...beside,
  ...[...imports.values()].flat().flatMap(({ kind, to }) => (kind === 'dynamic-import' ? to : [])),
]);
later.delete(commands);

/** Without this, what a start needs would be in a file for each set of later modules that need a part of it, too. */
const startFirst = [...start].map((path) => `import ${JSON.stringify(path)};\n`).join('');

/** Modules that find something beside themselves. */
const finding = new Set();

const plugin = {
  name: 'start',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^[^.]/ }, ({ path }) =>
      packages.includes(path) ? { path: `./packages/${path}.js`, external: true } : undefined,
    );
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      const code = await readFile(path, 'utf8');
      // What a module finds beside itself is found from there, although its code is elsewhere now.
      if (code.includes('import.meta.url')) finding.add(path);
      const place = JSON.stringify(relative(parts, path).split(sep).join('/'));
      const contents = code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`);
      return {
        contents: later.has(path) && !start.has(path) ? contents + startFirst : contents,
        loader: 'js',
      };
    });
  },
};

const { metafile: written } = await build({
  ...{ ...options, allowOverwrite: true, plugins: [plugin], metafile: true },
  ...{ sourcemap: true, sourcesContent: false },
});
for (const [path, { inputs, imports }] of Object.entries(written.outputs)) {
  const own = Object.keys(inputs).filter((input) => finding.has(resolve(folder, input)));
  const others = imports
    .filter(({ path: name }) => name.startsWith('./packages/'))
    .map(({ path: name }) => name);
  const astray = [...own, ...others];
  if (astray.length > 0 && dirname(resolve(folder, path)) !== parts)
    throw new Error(`${path} is not in ${parts}, from where ${astray.join(', ')} would be found`);
}
