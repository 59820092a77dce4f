import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/scenario/read/load.ts';
import { titled } from '../support/titled.ts';

interface Wrong {
  readonly what: string;
  readonly text: string;
  /** `line:column where: message` */
  readonly mistakes: readonly string[];
}

const TABLE = readTable(readFileSync(new URL('wrong-files.txt', import.meta.url), 'utf8'));

/** The groups of the file: `# a group`, `## what is wrong`, the lines of the file, `=> the error`. */
function readTable(text: string): readonly [group: string, wrong: readonly Wrong[]][] {
  return text.split(/^# /m).flatMap((group, i) => {
    const [name = '', ...files] = group.split(/^## /m);
    if (i === 0) return [];
    return [[name.trim(), files.map(readWrong)] as [string, readonly Wrong[]]];
  });
}

function readWrong(section: string): Wrong {
  const [what = '', ...lines] = section.trimEnd().split('\n');
  const first = lines.findIndex((line) => line.startsWith('=> '));
  return {
    what,
    text: lines
      .slice(0, first)
      .map((line) => `${line}\n`)
      .join(''),
    mistakes: lines.slice(first).map((line) => line.replace('=> ', '')),
  };
}

function told(text: string): readonly string[] {
  const read = readScenario('x', 'x.yaml', text);
  if (read.kind === 'scenario') return [];
  return read.mistakes.map(
    ({ line, column, where, message }) => `${line}:${column} ${where === '' ? '' : `${where}: `}${message}`,
  );
}

it('the whole table of wrong files is read', () => {
  const wrong = TABLE.flatMap(([, files]) => files);
  expect(wrong.length).toBeGreaterThan(90);
  for (const { what, mistakes } of wrong) expect(mistakes, what).not.toEqual([]);
});

describe.each(TABLE)('%s', (_group, wrong) => {
  it.each(titled(wrong, ({ what }) => what))('%s', (_title, { text, mistakes }) => {
    expect(told(text)).toEqual(mistakes);
  });
});

it('mistakes are described in words of the file format, not of the libraries that read it', () => {
  const messages = TABLE.flatMap(([, files]) => files.flatMap(({ mistakes }) => mistakes));
  for (const message of messages) expect(message).not.toMatch(/invalid|undefined|object|zod|YAML:/i);
});
