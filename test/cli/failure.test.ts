import { describe, expect, it } from 'vitest';
import { understudy } from '../support/programs/program.ts';

/** Starts the command with a module of ours in its process, loaded before it. */
function withModule(source: string, ...args: readonly string[]) {
  const module = `data:text/javascript,${encodeURIComponent(source)}`;
  return understudy(args, { ...process.env, NODE_OPTIONS: `--import ${module}` });
}

/** Does something once the run has said what it is about to do, as anything of ours may while it lasts. */
const onceItRuns = (what: string) => `
const { write } = process.stderr;
process.stderr.write = function (...given) {
  process.stderr.write = write;
  setImmediate(() => { ${what} });
  return write.apply(this, given);
};`;
const JUDGE = ['conformance', 'server', '--dialect', 'reson8', '--url', 'ws://127.0.0.1:1', '--token', 'any'];

// Node.js exits with 1 then, which says that the service has broken a MUST.
describe('a fault that nothing catches is not a verdict', () => {
  it.each([
    ['an error', "throw new Error('a fault of ours')"],
    ['a promise', "void Promise.reject(new Error('a fault of ours'))"],
  ])('%s', async (_, what) => {
    await using program = withModule(onceItRuns(what), ...JUDGE);

    expect(await program.exit).toMatchObject({ code: 5 });
    expect(program.stderr).toMatch(/^Error: a fault of ours\n\s+at /m);
  });

  it('a wait for something that never comes', async () => {
    const source = `
import { Readable } from 'node:stream';
Object.defineProperty(process, 'stdin', { value: new Readable({ read() {} }) });`;
    await using program = withModule(source, 'scenario', 'validate', '-');

    expect(await program.exit).toMatchObject({ code: 5 });
  });
});
