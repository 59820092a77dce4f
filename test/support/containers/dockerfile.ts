import { DockerfileParser, type ModifiableInstruction, type PropertyInstruction } from 'dockerfile-ast';

/** One instruction of a Dockerfile. */
export interface Step {
  readonly keyword: string;
  /** Its flags, without dashes: `--from=build` as from → build. */
  readonly flags: Readonly<Record<string, string>>;
  /** Its arguments, unchanged, on one line. */
  readonly text: string;
  readonly words: readonly string[];
  /** Names and values of ENV and LABEL. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface Stage {
  /** The image that it begins with. */
  readonly base: string;
  readonly name: string | undefined;
  readonly steps: readonly Step[];
}

/** @throws Error if something other than a comment or ARG comes before the first FROM */
export function stagesOf(text: string): readonly Stage[] {
  const stages: (Stage & { steps: Step[] })[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const step = stepOf(instruction);
    if (step.keyword === 'FROM') {
      const [base = '', as, name] = step.words;
      stages.push({ base, name: as?.toUpperCase() === 'AS' ? name : undefined, steps: [] });
    } else {
      const stage = stages.at(-1);
      if (stage === undefined) throw new Error(`${step.keyword} stands before the first FROM`);
      stage.steps.push(step);
    }
  }
  return stages;
}

type Instruction = Pick<ModifiableInstruction, 'getKeyword' | 'getArguments' | 'getArgumentsContent'> &
  Partial<Pick<ModifiableInstruction, 'getFlags'> & Pick<PropertyInstruction, 'getProperties'>>;

function stepOf(instruction: Instruction): Step {
  const flags = instruction.getFlags?.() ?? [];
  const properties = instruction.getProperties?.() ?? [];
  return {
    keyword: instruction.getKeyword(),
    flags: Object.fromEntries(flags.map((flag) => [flag.getName(), flag.getValue() ?? ''])),
    text: (instruction.getArgumentsContent() ?? '').replace(/\\\n\s*/g, ' ').trim(),
    words: instruction.getArguments().map((argument) => argument.getValue()),
    properties: Object.fromEntries(properties.map((each) => [each.getName(), each.getValue() ?? ''])),
  };
}

/** The program and arguments of `["node", "main.js"]`; undefined for the form that a shell reads. */
export function execForm(text: string): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    const isExec = Array.isArray(list) && list.length > 0 && list.every((each) => typeof each === 'string');
    return isExec ? list : undefined;
  } catch {
    return undefined;
  }
}

/** The command of a HEALTHCHECK, as `execForm`. */
export function checkOf({ words, text }: Step): readonly string[] | undefined {
  return words[0] === 'CMD' ? execForm(text.slice('CMD'.length)) : undefined;
}

/**
 * What a .dockerignore admits that excludes everything first.
 *
 * @returns names in the root of the context
 * @throws Error if it has another form
 */
export function letIn(ignore: string): readonly string[] {
  const [all, ...rest] = ignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (all !== '*') throw new Error('expected * in the first line, so that nothing is let in by mistake');
  return rest.map((line) => {
    if (!/^![\w.-]+$/.test(line)) throw new Error(`expected ! and a name, got ${line}`);
    return line.slice(1);
  });
}
