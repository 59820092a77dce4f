import { blocksOf } from '../programs/page.ts';

/** A `docker run` of a page. */
export interface DockerRun {
  readonly line: string;
  readonly image: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly volumes: readonly { readonly from: string; readonly to: string }[];
  /** The arguments after the image. */
  readonly command: readonly string[];
}

const ALONE = ['--rm', '--read-only'];
const WITH_VALUE = ['--cap-drop', '--publish', '--env', '--volume'];

/** @throws Error for a flag that is unknown here */
export function dockerRun(line: string): DockerRun {
  const words = line.split(' ').slice(2);
  const variables: Record<string, string> = {};
  const volumes: { from: string; to: string }[] = [];
  let at = 0;
  while (words[at]?.startsWith('--') === true) {
    const flag = words[at] ?? '';
    if (ALONE.includes(flag)) {
      at += 1;
      continue;
    }
    if (!WITH_VALUE.includes(flag)) throw new Error(`${flag} is not known here: ${line}`);
    const value = (words[at + 1] ?? '').replace(/^"(.*)"$/, '$1');
    if (flag === '--env') {
      const [, name = '', text = ''] = /^(\w+)=(.*)$/.exec(value) ?? [];
      variables[name] = text;
    }
    if (flag === '--volume') {
      const [from = '', to = ''] = value.split(':');
      volumes.push({ from, to });
    }
    at += 2;
  }
  return { line, image: words[at] ?? '', variables, volumes, command: words.slice(at + 1) };
}

/** The `docker run` commands of a page. */
export function runsOf(page: string): readonly DockerRun[] {
  return blocksOf(page)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.trim().split('\n'))
    .filter((line) => line.startsWith('docker run '))
    .map(dockerRun);
}
