// Makes one file of each package that consists of many and that commands load after their start.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The others are in few files, are seldom needed, or find files of their own beside themselves. */
const PACKAGES = ['express', 'fast-check', 'string-width', 'wrap-ansi', 'yaml', 'zod'];

/** What `require` is in a module that was CommonJS, for what belongs to Node.js. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

/** Of the fifty languages that zod speaks, all of which it loads, the one that it speaks without being asked. */
const ENGLISH = {
  name: 'english',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/**
 * Writes the packages to a folder, each with the licences of all that is in it.
 *
 * @returns their names
 */
export async function bundlePackages(folder, options) {
  await mkdir(folder, { recursive: true });
  for (const name of PACKAGES) await writeFile(join(folder, `${name}.js`), await packageAsOne(name, options));
  return PACKAGES;
}

async function packageAsOne(name, options) {
  const { default: whole, ...named } = await import(name);
  const names = Object.keys(named).filter((each) => each !== 'module.exports');
  const lines = [
    ...(names.length > 0 ? [`export { ${names.join(', ')} } from '${name}';`] : []),
    ...(whole === undefined ? [] : [`export { default } from '${name}';`]),
  ];
  const { metafile, outputFiles } = await build({
    ...{ ...options, bundle: true, minifySyntax: true, legalComments: 'none', plugins: [ENGLISH] },
    stdin: { contents: lines.join('\n'), resolveDir: import.meta.dirname },
    banner: { js: REQUIRE },
    write: false,
    metafile: true,
  });
  const licences = await licencesOf(Object.keys(metafile.inputs));
  return `${licences}\n${outputFiles[0].text}`;
}

/** The licences of the packages whose files these are, as a comment. */
async function licencesOf(files) {
  const folders = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  const texts = [];
  for (const folder of [...folders].sort()) {
    const { name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((each) => /^(licen[cs]e|copying)/i.test(each));
    if (file === undefined) throw new Error(`${name} has no licence in ${folder}`);
    texts.push(`${name} ${version}\n\n${(await readFile(join(folder, file), 'utf8')).trim()}`);
  }
  return `/*\n${texts.join('\n\n').replaceAll('*/', '* /')}\n*/`;
}
