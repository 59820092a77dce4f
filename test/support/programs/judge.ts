import { pathToFileURL } from 'node:url';
import { judgeIn } from '../../../src/cli/judge/judge.ts';
import { CLI } from './cli.ts';

/** The judges that `serve` has, in the threads of the build: Node.js runs no TypeScript in one. */
export const judge = judgeIn(new URL('judge/thread.js', pathToFileURL(CLI)));
