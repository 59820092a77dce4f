import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './cli.ts';
import { pageText } from './page.ts';

/** Followed word for word by `test/repository/docs.test.ts` or `test/debian/container.test.ts`, or generated. */
const FOLLOWED = ['check-an-endpoint.md', 'ci.md', 'containers.md', 'teeth.md', 'test-your-client.md'];

/** The README and the pages of reference: each of their samples and commands is run by itself. */
export const PAGES: readonly string[] = [
  'README.md',
  ...readdirSync(join(REPOSITORY, 'docs'))
    .filter((name) => name.endsWith('.md') && !FOLLOWED.includes(name))
    .sort()
    .map((name) => `docs/${name}`),
  'scenarios/README.md',
];

/** Their samples in one language, in the order of the pages, each with the heading above it. */
export function samples(language: string): [heading: string, text: string][] {
  const found: [string, string][] = [];
  let heading = '';
  for (const page of PAGES) {
    for (const [, title, fence, text] of pageText(page).matchAll(/^#+ (.*)$|^```(\w+)\n([\s\S]*?)^```$/gm)) {
      if (title !== undefined) heading = `${page}, ${title}`;
      else if (fence === language && text !== undefined) found.push([heading, text]);
    }
  }
  return found;
}

/** Every line of their commands. */
export function commands(): readonly string[] {
  return samples('sh').flatMap(([, text]) => text.trim().split('\n'));
}
