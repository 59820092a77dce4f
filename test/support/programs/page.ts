import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI, REPOSITORY } from './cli.ts';
import { Program } from './program.ts';
import { freePort } from './free-port.ts';

/** A sample of a page: a fence with its language and the words after it. */
export interface Block {
  readonly language: string;
  readonly info: string;
  readonly text: string;
}

export function pageText(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}

export function blocksOf(path: string): readonly Block[] {
  const found = pageText(path).matchAll(/^```(\w+)[ \t]*(.*)\n([\s\S]*?)^```$/gm);
  return Array.from(found, ([, language = '', info = '', text = '']) => ({ language, info, text }));
}

export interface Done {
  readonly command: string;
  readonly code: number;
  readonly log: string;
}

/**
 * A reader who follows a page: a folder outside the repository, and the variables that the page has exported so far.
 */
export interface Reader extends AsyncDisposable {
  readonly path: (name: string) => string;
  readonly exports: Map<string, string>;
  /** Runs the lines of a block in bash. Those that export something are remembered. */
  follow(text: string): Promise<Done>;
  /** Starts a fake that keeps running, and waits until it listens. */
  start(flags: string): Promise<string>;
}

const BESIDE = 'folder';

export async function reader(): Promise<Reader> {
  const root = await mkdtemp(join(tmpdir(), 'page-'));
  const fakes: Program[] = [];
  const exports = new Map<string, string>();
  await symlink(REPOSITORY, join(root, 'understudy'));
  let isInside = false;
  const path = (name: string) => join(root, BESIDE, name);
  return {
    path,
    exports,
    async follow(text) {
      // The folder that the page creates gets a known name.
      const script = text.replace(/mkdir \w+ && cd \w+/, `mkdir ${BESIDE} && cd ${BESIDE}`);
      const entered = isInside ? join(root, BESIDE) : root;
      if (text.includes('mkdir')) isInside = true;
      await using program = new Program('bash', ['-c', `cd '${entered}' || exit\n${script}`], {
        ...clean(),
        ...Object.fromEntries(exports),
      });
      const { code } = await program.exit;
      for (const [, name = '', value = ''] of text.matchAll(/(UNDERSTUDY_\w+)=(\S+)/g)) {
        if (text.startsWith('export')) exports.set(name, value);
      }
      return { command: text, code: code ?? -1, log: program.stdout + program.stderr };
    },
    async start(flags) {
      const port = await freePort();
      const args = flags
        .trim()
        .split(/\s+/)
        .filter((word, i, words) => word !== '--port' && words[i - 1] !== '--port');
      const fake = new Program(process.execPath, [CLI, 'serve', '--port', String(port), ...args], clean());
      fakes.push(fake);
      while (!(await listens(port))) await Promise.race([pause(), fake.exit.then(() => fake.line())]);
      return `127.0.0.1:${port}`;
    },
    async [Symbol.asyncDispose]() {
      for (const fake of fakes) await fake[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The variables that npm and a CI set for their programs do not apply to this one. */
function clean(): NodeJS.ProcessEnv {
  const names = /^(npm_(package|lifecycle|config_local_prefix)|INIT_CWD|UNDERSTUDY_|GITHUB_)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.test(name)));
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
