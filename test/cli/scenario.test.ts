import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { jsonSchema } from '../../src/scenario/schema/json-schema.ts';
import { table } from '../../src/cli/table.ts';
import { CLI } from '../support/programs/cli.ts';
import { hosted } from '../support/programs/hosted.ts';

const run = (...args: readonly string[]) => hosted(['scenario', ...args]);

describe('scenario validate', () => {
  it('finds no mistakes in the bundled scenarios', async () => {
    const { code, stdout, stderr } = await run('validate');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^Checked [1-9]\d* files: no mistakes\.$/m);
  });

  it('lists every mistake of every file with its place, counts them, and exits with 2', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'understudy-validate-'));
    try {
      await writeFile(
        join(folder, 'one.yaml'),
        'dialect: scriptix\nsummary: x\nserver:\n  - wiat: 3s\n  - wait: 3\n',
      );
      await writeFile(join(folder, 'two.yaml'), 'dialect: scriptix\nsummary: x\nsever: []\n');
      const { code, stdout, stderr } = await run('validate', folder);

      expect(code).toBe(2);
      expect(stdout.trimEnd().split('\n')).toEqual([
        `${folder}/one.yaml:4:5: server[0].wiat: unknown step "wiat"; did you mean "wait"?`,
        expect.stringContaining(`${folder}/one.yaml:5:11: server[1].wait: expected a length of time`),
        `${folder}/two.yaml:3:1: sever: unknown key "sever"; did you mean "server"?`,
      ]);
      expect(stderr).toBe('Checked 2 files: 3 mistakes.\n');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('names a path that does not exist', async () => {
    const { code, stdout, stderr } = await run('validate', '/no/such/folder');
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '/no/such/folder:1:1: cannot be read: there is no such file or folder (ENOENT)\n',
      stderr: 'Checked 1 file: 1 mistake.\n',
    });
  });

  // Only the first missing path was reported, and the mistakes of the other files came to light one run later.
  it('lists the mistakes of all files even if one of them is missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'understudy-validate-'));
    try {
      const wrong = join(folder, 'wrong.yaml');
      const empty = join(folder, 'empty');
      await mkdir(empty);
      await writeFile(wrong, 'dialect: reson8\n');

      const { code, stdout } = await run('validate', join(folder, 'missing.yaml'), empty, wrong);

      expect(code).toBe(2);
      expect(stdout).toContain(
        'missing.yaml:1:1: cannot be read: there is no such file or folder (ENOENT)\n',
      );
      expect(stdout).toContain('empty:1:1: no scenarios in this folder: expected .yaml files in it');
      expect(stdout).toMatch(/wrong\.yaml:1:1: .*summary/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('scenario list', () => {
  it('shows name, dialect and summary of each on a line, sorted', async () => {
    const { code, stdout, stderr } = await run('list');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });

    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    for (const row of rows) expect(row).toHaveLength(3);
    const keys = rows.map(([name, dialect]) => [dialect, name].join(' '));

    expect(keys).toEqual([...keys].sort());
    expect(keys).toContain('scriptix happy-path');
  });

  it('--json shows the same as one object per line', async () => {
    const [text, json] = await Promise.all([run('list'), run('list', '--json')]);
    const objects = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);

    expect(objects.map(({ name, dialect, summary }) => [name, dialect, summary])).toEqual(
      text.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    );
  });

  it('--dialect lists those of one dialect, and refuses an unknown one', async () => {
    const { stdout } = await run('list', '--dialect', 'reson8');
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^\S+ +reson8 /);
    const { code, stderr } = await run('list', '--dialect', 'klingon');

    expect(code).toBe(2);
    expect(stderr).toContain(
      '--dialect: expected scriptix, scriptix-stream, scriptix-rest, reson8, reson8-turns or reson8-rest, got "klingon"',
    );
  });

  it('--scenarios also lists those of a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'understudy-list-'));
    try {
      // Escape sequences colour what follows, and U+202E reverses it.
      const summary = 'Mine\\e[31m \\u202Eback';
      await writeFile(join(folder, 'mine.yaml'), `dialect: reson8\nsummary: "${summary}"\n`);

      const { stdout } = await run('list', '--scenarios', folder, '--dialect', 'reson8');
      const json = await run('list', '--scenarios', folder, '--dialect', 'reson8', '--json');

      expect(stdout).toMatch(/^mine +reson8 +Mine\\u001b\[31m \\u202eback$/m);
      expect(stdout).toMatch(/^happy-path /m);
      expect(json.stdout).not.toContain('\u202e');
      const listed = json.stdout.trimEnd().split('\n');
      expect(listed.map((line): unknown => JSON.parse(line))).toContainEqual({
        name: 'mine',
        dialect: 'reson8',
        summary: 'Mine\u001b[31m \u202eback',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('scenario validate -', () => {
  const validated = (input: string | Buffer) =>
    spawnSync(process.execPath, [CLI, 'scenario', 'validate', '-'], { input, encoding: 'utf8' });

  it('reads standard input', () => {
    const { status, stderr } = validated('dialect: reson8\nsummary: Of a test\n');
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'Checked 1 file: no mistakes.\n' });
  });

  it.each([
    ['dialect: reson8\nsummary: x\nserver: []\n', 'standard input:3:9: server: expected at least one step'],
    ['dialect: reson8\nsummary: x\nclient: []\n', 'standard input:3:9: client: expected at least one step'],
    [Buffer.from('dialect: reson8\nsummary: caf\xe9\n', 'latin1'), 'standard input:2:13: expected UTF-8'],
  ])('says what is wrong, and where', (input, mistake) => {
    const { status, stdout } = validated(input);
    expect(status).toBe(2);
    expect(stdout).toContain(mistake);
  });
});

describe('scenario show', () => {
  it('names the schema by its path from the current folder', async () => {
    const { stdout } = await run('show', 'happy-path', '--dialect', 'scriptix');
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(stdout) ?? [];
    const path = schema.startsWith('file:') ? fileURLToPath(schema) : resolve(schema);

    expect(JSON.parse(await readFile(path, 'utf8'))).toHaveProperty('$schema');
  });

  it('prints the file', async () => {
    const { code, stdout } = await run('show', 'happy-path', '--dialect', 'scriptix');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# yaml-language-server.*\ndialect: scriptix\n/);
  });

  it('asks which one is meant where several have the name', async () => {
    const { code, stdout, stderr } = await run('show', 'happy-path');

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /reson8, reson8-rest, reson8-turns, scriptix, scriptix-rest and scriptix-stream: say which one with --dialect/,
    );
  });

  // `serve --scenario` and the table of readings name scenarios like this.
  it('accepts a name with its dialect', async () => {
    const { code, stdout } = await run('show', 'reson8/happy-path');
    expect(code).toBe(0);
    expect(stdout).toMatch(/\ndialect: reson8\n/);

    const other = await run('show', 'reson8/happy-path', '--dialect', 'scriptix');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('--dialect scriptix: it is of reson8');
    expect((await run('show', 'reson8/hapy-path')).stderr).toContain(
      'There is no scenario "hapy-path" for reson8; did you mean "happy-path"?',
    );
  });

  it('suggests a name for an unknown one', async () => {
    const { code, stderr } = await run('show', 'hapy-path');
    expect(code).toBe(2);
    expect(stderr).toMatch(/"hapy-path"; did you mean "happy-path"\?\nTry: understudy scenario list/);
  });
});

it('scenario schema prints the JSON Schema', async () => {
  const { code, stdout } = await run('schema');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(jsonSchema());
});

it('scenario without a command lists its commands', async () => {
  const { code, stderr } = await run();
  expect(code).toBe(2);
  expect(stderr).toMatch(/validate, list, show or schema/);
});

describe('a table', () => {
  const rows = [
    ['a', 'long-cell', 'one two three four five six seven eight'],
    ['bcd', 'x', 'short'],
  ];

  it('has columns as wide as their contents', () => {
    expect(table(rows, Infinity)).toEqual([
      'a    long-cell  one two three four five six seven eight',
      'bcd  x          short',
    ]);
  });

  it('wraps the last column at words', () => {
    expect(table(rows, 42)).toEqual([
      'a    long-cell  one two three four five',
      '                six seven eight',
      'bcd  x          short',
    ]);
  });

  it('puts the last column below the others where there is no room beside them', () => {
    expect(table(rows, 30)).toEqual([
      'a    long-cell',
      '    one two three four five',
      '    six seven eight',
      'bcd  x',
      '    short',
    ]);
  });

  it('emphasises cells without moving those beside them', () => {
    expect(table(rows, Infinity, [(cell) => `<${cell}>`])[0]).toMatch(/^<a> {4}long-cell/);
  });
});
