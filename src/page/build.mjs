// Bundles the live page: `node src/page/build.mjs FOLDER` writes it to FOLDER/page.

import { copyFile, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = join(process.argv[2] ?? 'dist', 'page');

await mkdir(folder, { recursive: true });
await build({
  entryPoints: {
    app: join(here, 'app.tsx'),
    worklet: join(here, 'speak/worklet.ts'),
    editor: join(here, 'scenario/editor.ts'),
    page: join(here, 'page.css'),
  },
  outdir: folder,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022', 'chrome109', 'firefox115', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
});
await copyFile(join(here, 'index.html'), join(folder, 'index.html'));
