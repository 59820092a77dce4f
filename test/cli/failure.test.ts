import { describe, expect, it } from 'vitest';
import { understudy } from '../support/programs/program.ts';

/** Starts the command in a process that loads a module of ours first. */
function withModule(source: string, ...args: readonly string[]) {
  const module = `data:text/javascript,${encodeURIComponent(source)}`;
  return understudy(args, { ...process.env, NODE_OPTIONS: `--import ${module}` });
}

/** Executes code in the middle of a run, once it has said what it is about to do. */
const onceItRuns = (what: string) => `
const { write } = process.stderr;
process.stderr.write = function (...given) {
  process.stderr.write = write;
  setImmediate(() => { ${what} });
  return write.apply(this, given);
};`;
const JUDGE = ['conformance', 'server', '--dialect', 'reson8', '--url', 'ws://127.0.0.1:1', '--token', 'any'];

// Node.js would exit with 1, which says that the service has broken a MUST.
describe('a failure of ours that nothing catches exits with 5, which is not a verdict', () => {
  it.each([
    ['a thrown error', "throw new Error('a fault of ours')"],
    ['a rejected promise', "void Promise.reject(new Error('a fault of ours'))"],
  ])('%s', async (_, what) => {
    await using program = withModule(onceItRuns(what), ...JUDGE);

    expect(await program.exit).toMatchObject({ code: 5 });
    expect(program.stderr).toMatch(/^Error: a fault of ours\n\s+at /m);
  });

  it('a wait for something that never happens', async () => {
    const source = `
import { Readable } from 'node:stream';
Object.defineProperty(process, 'stdin', { value: new Readable({ read() {} }) });`;
    await using program = withModule(source, 'scenario', 'validate', '-');

    expect(await program.exit).toMatchObject({ code: 5 });
  });
});
