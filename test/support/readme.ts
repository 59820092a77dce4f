import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './programs/cli.ts';

export const README = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');

/** The README's samples in one language, each with the heading above it. */
export function samples(language: string): [heading: string, text: string][] {
  const found: [string, string][] = [];
  let heading = '';
  for (const [, title, fence, text] of README.matchAll(/^#+ (.*)$|^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else if (fence === language && text !== undefined) found.push([heading, text]);
  }
  return found;
}
