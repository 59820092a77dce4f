import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, posix } from 'node:path';
import {
  checkOf,
  execForm,
  letIn,
  stagesOf,
  type Stage,
  type Step,
} from '../../support/containers/dockerfile.ts';
import { BASE_FOLDERS, BASE_LINKS, runInside } from './sandbox.ts';

/** The image that a Dockerfile builds. */
export interface Image {
  /** Its file system on this machine, without that of the base. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly check: readonly string[];
}

type Growing = { -readonly [Key in keyof Image]: Image[Key] };

/** Folders of this machine that the steps may share, by their paths inside, as for `--mount=type=cache`. */
const CACHES: Readonly<Record<string, string>> = {
  '/root/.npm': process.env['npm_config_cache'] ?? join(homedir(), '.npm'),
};

/**
 * Carries out the steps of a Dockerfile, each RUN in a sandbox. The programs of this machine stand in for its base.
 *
 * @param context the folder with the Dockerfile
 * @param place an empty folder
 * @throws Error that names a step that failed or is not supported here
 */
export async function build(context: string, place: string): Promise<Image> {
  const stages = stagesOf(await readFile(join(context, 'Dockerfile'), 'utf8'));
  const ignore = await readFile(join(context, '.dockerignore'), 'utf8');
  const earlier = new Map<string, string>();
  let image: Image | undefined;
  for (const [index, stage] of stages.entries()) {
    image = await builtStage(stage, join(place, String(index)), { context, names: letIn(ignore), earlier });
    if (stage.name !== undefined) earlier.set(stage.name, image.root);
  }
  if (image === undefined) throw new Error('the Dockerfile has no stage');
  return image;
}

interface Sources {
  readonly context: string;
  /** The files of the context that may be copied. */
  readonly names: readonly string[];
  /** The file systems of earlier stages, by name. */
  readonly earlier: ReadonlyMap<string, string>;
}

async function builtStage({ steps }: Stage, root: string, sources: Sources): Promise<Image> {
  for (const folder of BASE_FOLDERS) await mkdir(join(root, folder), { recursive: true });
  for (const name of BASE_LINKS) await symlink(`usr/${name}`, join(root, name));
  const image: Growing = {
    ...{ root, environment: {}, workdir: '/', user: '0:0' },
    ...{ entrypoint: [], command: [], check: [] },
  };
  for (const step of steps) await take(step, image, sources);
  return image;
}

async function take(step: Step, image: Growing, sources: Sources): Promise<void> {
  const { keyword, text, properties } = step;
  switch (keyword) {
    case 'WORKDIR':
      image.workdir = posix.resolve(image.workdir, text);
      await mkdir(join(image.root, image.workdir), { recursive: true });
      return;
    case 'COPY':
      return copy(step, image, sources);
    case 'RUN':
      return run(step, image);
    case 'ENV':
      image.environment = { ...image.environment, ...properties };
      return;
    case 'USER':
      image.user = text;
      return;
    case 'ENTRYPOINT':
      image.entrypoint = needed(step, execForm(text));
      return;
    case 'CMD':
      image.command = needed(step, execForm(text));
      return;
    case 'HEALTHCHECK':
      image.check = needed(step, checkOf(step));
      return;
    case 'LABEL':
    case 'EXPOSE':
      return;
    case 'STOPSIGNAL':
      if (text !== 'SIGTERM') throw notUnderstood(step);
      return;
    default:
      throw notUnderstood(step);
  }
}

async function copy(step: Step, { root, workdir }: Growing, sources: Sources): Promise<void> {
  const { flags, words } = step;
  const from = flags['from'];
  const source = from === undefined ? sources.context : sources.earlier.get(from);
  if (source === undefined) throw notUnderstood(step);
  const to = join(root, posix.resolve(workdir, words.at(-1) ?? ''));
  await mkdir(to, { recursive: true });
  const paths = words.slice(0, -1).flatMap((path) => (path === '.' ? sources.names : [path]));
  for (const path of paths) {
    if (from === undefined && !sources.names.includes(path))
      throw new Error(`COPY ${path}: .dockerignore keeps it outside`);
    // Of a folder, the contents are copied; of the whole context, its folders.
    const isWhole = from !== undefined && (await isFolder(join(source, path)));
    const into = isWhole ? to : join(to, posix.basename(path));
    await cp(join(source, path), into, { recursive: true, verbatimSymlinks: true });
  }
}

async function run(step: Step, image: Growing): Promise<void> {
  const { flags, text } = step;
  const { mount } = flags;
  const target = /^type=cache,target=(\S+)$/.exec(mount ?? '')?.[1];
  const cache = target === undefined ? undefined : CACHES[target];
  if (mount !== undefined && cache === undefined) throw notUnderstood(step);
  const shared = target === undefined || cache === undefined ? [] : [[cache, target] as const];
  for (const [outside, inside] of shared) {
    await mkdir(outside, { recursive: true });
    await mkdir(join(image.root, inside), { recursive: true });
  }
  const { code, log } = await runInside(image, ['/bin/sh', '-c', text], shared);
  if (code !== 0) throw new Error(`RUN ${text} ended with ${String(code)}\n${log}`);
}

async function isFolder(path: string): Promise<boolean> {
  return (await readdir(path).catch(() => undefined)) !== undefined;
}

function needed(step: Step, command: readonly string[] | undefined): readonly string[] {
  if (command === undefined) throw notUnderstood(step);
  return command;
}

function notUnderstood({ keyword, text }: Step): Error {
  return new Error(`${keyword} ${text} is not understood here`);
}
