import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../src/conformance/report/report.ts';
import { REPOSITORY } from './programs/cli.ts';
import { hosted, type Ran } from './programs/hosted.ts';
import { understudy, type Program } from './programs/program.ts';

export type { Ran } from './programs/hosted.ts';

/** The environment of commands, without any settings of the person who runs the tests. */
const CLEAN = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(UNDERSTUDY_(?!CLI)|GITHUB_|NO_COLOR|CI$)/.test(name)),
);

export function conformance(args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  return understudy(['conformance', ...args], { ...CLEAN, ...env });
}

/** Runs `understudy conformance …` to its end. */
export async function ran(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  // This time is counted from the start of a process.
  if (args.includes('--max-time')) return await ranAlone(args, env);
  return await hosted(['conformance', ...args], { ...CLEAN, ...env });
}

/** The same in a separate process, for tests of how it ends or of its environment. */
export async function ranAlone(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  await using program = conformance(args, env);
  const { code } = await program.exit;
  return { code, stdout: program.stdout, stderr: program.stderr };
}

export async function reportIn(path: string): Promise<Report> {
  return JSON.parse(await readFile(path, 'utf8')) as Report;
}

export function verdictOf(report: Report, id: string): string | undefined {
  return report.requirements.find((each) => each.id === id)?.verdict;
}

/** A bundled probe, such as `reson8/speech`. */
export function probe(name: string): string {
  return join(REPOSITORY, 'scenarios/probes', `${name}.yaml`);
}
