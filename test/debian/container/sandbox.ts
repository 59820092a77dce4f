import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Program, type Exit } from '../../support/programs/program.ts';
import type { Image } from './image.ts';

/** Folders of this machine that stand in for the base of an image. */
const BASE = ['/usr', '/etc'];
export const BASE_FOLDERS = ['usr', 'etc', 'proc', 'dev', 'tmp', 'root'];
export const BASE_LINKS = ['bin', 'sbin', 'lib', 'lib64'];
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Folders that a step of a build needs to reach the registry of packages. */
const NETWORK =
  /^(?:https?_proxy|no_proxy|npm_config_(?:registry|cafile)|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+)$/i;

/** Steps install packages. */
const LONGEST_STEP_MS = 400_000;

/** @throws Error if bubblewrap is missing, or may not create namespaces on this machine */
export async function needNamespaces(): Promise<void> {
  await using program = new Program('bwrap', [...ISOLATED, '--ro-bind', '/', '/', 'true']);
  const exit = await program.exit.catch((error: unknown) => String(error));
  if (typeof exit !== 'string' && exit.code === 0) return;
  throw new Error(
    'Needs the Debian package bubblewrap and a kernel that lets it make user, network, mount and process ' +
      `namespaces; it said: ${program.stderr.trim() || JSON.stringify(exit)}`,
  );
}

const ISOLATED = ['--unshare-all', '--unshare-user', '--die-with-parent', '--hostname', 'container'];

/** Runs a command as a step of a build: it is root in its sandbox, may write, and has a network. */
export async function runInside(
  image: Image,
  command: readonly string[],
  shared: readonly (readonly [outside: string, inside: string])[],
): Promise<{ code: number | null; log: string }> {
  const network = Object.entries(process.env).filter(([name]) => NETWORK.test(name));
  await using program = new Program('bwrap', [
    ...[...ISOLATED, '--share-net', ...identity(image)],
    ...['--bind', image.root, '/', ...base(), '--bind', join(image.root, 'tmp'), '/tmp'],
    ...shared.flatMap(([outside, inside]) => ['--bind', outside, inside]),
    ...environment({ ...Object.fromEntries(network), HOME: '/root', ...image.environment }),
    ...['--chdir', image.workdir, ...command],
  ]);
  program.patienceMs = LONGEST_STEP_MS;
  const { code } = await program.exit;
  return { code, log: program.stdout + program.stderr };
}

export interface Container extends AsyncDisposable {
  readonly program: Program;
  /** Starts another program beside the first, in the same file system and network and as the same user. */
  exec(command: readonly string[], variables?: Readonly<Record<string, string>>): Program;
  /** Sends a signal to its first program, as `docker stop` does. */
  signal(signal: NodeJS.Signals): void;
  readonly exit: Promise<Exit>;
}

/** Options of a container. */
export interface Options {
  readonly variables?: Readonly<Record<string, string>>;
  /** Replaces the command of the image. */
  readonly command?: readonly string[];
  /** Folders of this machine that it may read, by their paths inside. */
  readonly volumes?: Readonly<Record<string, string>>;
}

/**
 * Starts an image as `docker run --read-only --network …` does, with nowhere to write: its first program is process 1 and
 * has a network of its own.
 *
 * @param name of the container in its network
 */
export async function start(
  image: Image,
  name: string,
  { variables = {}, command = image.command, volumes = {} }: Options = {},
): Promise<Container> {
  const beside = (what: string) => `${image.root}.${name}.${what}`;
  await writeFile(beside('hosts'), `127.0.0.1 localhost ${name}\n`);
  for (const inside of Object.keys(volumes)) await mkdir(join(image.root, inside), { recursive: true });
  const args = [
    ...[...ISOLATED, '--as-pid-1', '--info-fd', '3', ...identity(image)],
    ...['--ro-bind', image.root, '/', ...base(), '--ro-bind', beside('hosts'), '/etc/hosts'],
    ...Object.entries(volumes).flatMap(([inside, outside]) => ['--ro-bind', outside, inside]),
    ...environment({ ...image.environment, ...variables }),
    ...['--chdir', image.workdir, ...image.entrypoint, ...command],
  ];
  await writeFile(beside('info'), '');
  const program = new Program('sh', ['-c', 'exec bwrap "$@" 3>"$0"', beside('info'), ...args]);
  const pid = await childOf(beside('info'), program);
  return {
    program,
    exec(other, more = {}) {
      const inside = { PATH, ...image.environment, ...variables, ...more };
      const set = Object.entries(inside).map(([key, value]) => `${key}=${value}`);
      return new Program('nsenter', [
        ...['--target', String(pid), '--user', '--mount', '--net', '--pid', '--preserve-credentials'],
        ...['env', '-i', '-C', image.workdir, ...set, ...other],
      ]);
    },
    signal: (signal) => void process.kill(pid, signal),
    get exit() {
      return program.exit;
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** The process outside that is process 1 inside. */
async function childOf(file: string, program: Program): Promise<number> {
  for (;;) {
    const text = await readFile(file, 'utf8');
    if (text.trimEnd().endsWith('}')) return (JSON.parse(text) as { 'child-pid': number })['child-pid'];
    // Rejects when the program has ended, which ends this loop; otherwise the time limit of the test does.
    await Promise.race([
      pause(20),
      program.exit.then(() => Promise.reject(new Error(`it ended at once: ${program.stderr}`))),
    ]);
  }
}

function identity({ user }: Image): readonly string[] {
  const [uid = '', gid = ''] = user.split(':');
  return ['--uid', uid, '--gid', gid];
}

function base(): readonly string[] {
  return [...BASE.flatMap((path) => ['--ro-bind', path, path]), '--proc', '/proc', '--dev', '/dev'];
}

function environment(variables: Readonly<Record<string, string>>): readonly string[] {
  const all = Object.entries({ PATH, ...variables });
  return ['--clearenv', ...all.flatMap(([name, value]) => ['--setenv', name, value])];
}
