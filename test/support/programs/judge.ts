import { pathToFileURL } from 'node:url';
import { judgeIn } from '../../../src/cli/judge/judge.ts';
import { CLI } from './cli.ts';

/** The judges of `serve`, in threads that run the build, because Node.js runs no TypeScript in a thread. */
export const judge = judgeIn(new URL('judge/thread.js', pathToFileURL(CLI)));
