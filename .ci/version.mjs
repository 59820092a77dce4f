// Run by `npm version`, which has just written the new version to package.json: the changelog, the Dockerfile and the
// package for Python follow. Nothing is written if one of them is not as expected.
import { readFileSync, writeFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Where the version stands, and what stands there now. */
const PLACES = [
  { file: 'CHANGELOG.md', from: /^## Unreleased\n(?=\n+[^#\s])/m, to: `## Unreleased\n\n## ${version}\n` },
  { file: 'Dockerfile', from: /(image\.version=")[^"]*/, to: `$1${version}` },
  ...['deployment', 'jobs/load', 'jobs/conformance'].map((name) => ({
    file: `deploy/kubernetes/${name}.yaml`,
    from: /(asr-understudy:)\S+/,
    to: `$1${version}`,
  })),
  { file: 'python/pyproject.toml', from: /^(version = ")[^"]*/m, to: `$1${version}` },
];

const written = PLACES.map(({ file, from, to }) => {
  const text = readFileSync(file, 'utf8');
  if (!from.test(text)) {
    const what = file === 'CHANGELOG.md' ? 'entries under "## Unreleased"' : 'a version';
    throw new Error(`${file}: expected ${what}`);
  }
  return { file, text: text.replace(from, to) };
});
for (const { file, text } of written) writeFileSync(file, text);
