import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { PACKAGE, REPOSITORY } from './cli.ts';
import { Program } from './program.ts';

const schema = z.strictObject({
  name: z.string(),
  description: z.string(),
  author: z.string(),
  inputs: z.record(
    z.string(),
    z.strictObject({
      description: z.string(),
      required: z.boolean().optional(),
      default: z.string().optional(),
    }),
  ),
  outputs: z.record(z.string(), z.strictObject({ description: z.string(), value: z.string() })),
  runs: z.strictObject({
    using: z.literal('composite'),
    steps: z.array(
      z.strictObject({
        id: z.string(),
        shell: z.literal('bash'),
        env: z.record(z.string(), z.string()),
        run: z.string(),
      }),
    ),
  }),
});

export const ACTION = schema.parse(parse(readFileSync(join(REPOSITORY, 'action.yml'), 'utf8')));

export interface StepRun {
  readonly code: number | null;
  readonly log: string;
  /** What it wrote to $GITHUB_OUTPUT, with the contents of the JSON report instead of its path. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

interface Job {
  readonly inputs: Readonly<Record<string, string>>;
  /** Of the step that uses the action. */
  readonly env?: NodeJS.ProcessEnv;
  readonly actionPath?: string;
}

/**
 * Runs one step of the action as a GitHub runner does: expressions only in `env`, a file with the script, bash with
 * `-eo pipefail`, and files in which the step reports to the runner.
 */
export async function runStep(id: string, { inputs, env = {}, actionPath = PACKAGE }: Job): Promise<StepRun> {
  const step = ACTION.runs.steps.find((each) => each.id === id);
  if (step === undefined) throw new Error(`the action has no step ${id}`);
  const folder = await mkdtemp(join(tmpdir(), 'action-'));
  try {
    const at = (name: string) => join(folder, name);
    for (const name of ['output', 'summary.md']) await writeFile(at(name), '');
    await writeFile(at('script.sh'), step.run);
    const given = Object.entries(step.env).map(([name, text]) => [name, valueOf(text, inputs, actionPath)]);
    await using program = new Program('bash', ['--noprofile', '--norc', '-eo', 'pipefail', at('script.sh')], {
      PATH: process.env['PATH'],
      HOME: folder,
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: at('output'),
      GITHUB_STEP_SUMMARY: at('summary.md'),
      RUNNER_TEMP: folder,
      ...env,
      ...(Object.fromEntries(given) as NodeJS.ProcessEnv),
    });
    const { code } = await program.exit;
    const lines = (await readFile(at('output'), 'utf8')).split('\n').filter((line) => line !== '');
    const outputs = Object.fromEntries(
      lines.map((line): [string, string] => {
        const [, name = '', value = ''] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
        return [name, name === 'report' ? readFileSync(value, 'utf8') : value];
      }),
    );
    const summary = await readFile(at('summary.md'), 'utf8');
    return { code, log: program.stdout + program.stderr, outputs, summary };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function valueOf(text: string, inputs: Readonly<Record<string, string>>, actionPath: string): string {
  if (text === '${{ github.action_path }}') return actionPath;
  const [, name = ''] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(text) ?? [];
  const input = ACTION.inputs[name];
  if (input === undefined) throw new Error(`${text} is no expression that this understands`);
  return inputs[name] ?? input.default ?? '';
}
