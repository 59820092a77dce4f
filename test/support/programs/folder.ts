import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one test, which is deleted after it. */
export interface Folder extends AsyncDisposable {
  readonly path: (name: string) => string;
}

export async function folder(): Promise<Folder> {
  const root = await mkdtemp(join(tmpdir(), 'understudy-'));
  return {
    path: (name) => join(root, name),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
