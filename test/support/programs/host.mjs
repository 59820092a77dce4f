// Runs one command after another as a process of its own would run it, for `hosted.ts`: the built program, with its
// arguments, its environment, what it writes, and its exit code. Its modules are loaded and compiled once.
import { pathToFileURL } from 'node:url';

const endHost = process.exit.bind(process);
process.on('disconnect', () => endHost(0));

let count = 0;

process.on('message', async ({ path, args, env }) => process.send?.(await run(path, args, env)));

async function run(path, args, env) {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
  process.argv = [process.execPath, path, ...args];
  process.exitCode = undefined;
  const stdout = collect(process.stdout);
  const stderr = collect(process.stderr);
  await new Promise((resolve) => {
    process.exit = (code) => {
      process.exitCode = code ?? process.exitCode;
      resolve();
    };
    // A different URL each time makes the program run again, while its imports stay loaded.
    import(`${pathToFileURL(path).href}?${++count}`).then(resolve, (error) => {
      if (!process.emit('uncaughtException', error)) throw error;
    });
  });
  // The program adds its own each time that it runs.
  for (const name of ['uncaughtException', 'exit']) process.removeAllListeners(name);
  return { code: Number(process.exitCode ?? 0), stdout: stdout(), stderr: stderr() };
}

/** Collects everything that is written from now on. */
function collect(stream) {
  const pieces = [];
  stream.removeAllListeners('error');
  stream.write = (piece, ...more) => {
    const encoding = typeof more[0] === 'string' ? more[0] : 'utf8';
    pieces.push(typeof piece === 'string' ? Buffer.from(piece, encoding) : Buffer.from(piece));
    const written = more.find((each) => typeof each === 'function');
    if (written !== undefined) process.nextTick(written);
    return true;
  };
  return () => Buffer.concat(pieces).toString('utf8');
}
