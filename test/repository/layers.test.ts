import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

/** Who may import what (CONTRIBUTING, "Layers"). A folder may always import itself. */
const LAYERS: Readonly<
  Record<
    string,
    {
      readonly may: readonly string[];
      readonly typesOf?: readonly string[];
      readonly files?: readonly string[];
    }
  >
> = {
  runtime: { may: [] },
  drawing: { may: [] },
  wire: { may: ['runtime'], typesOf: ['protocol'] },
  protocol: { may: [] },
  audio: { may: ['runtime'] },
  generate: { may: ['runtime'] },
  scenario: { may: ['runtime', 'wire', 'protocol', 'generate', 'audio'] },
  'mock-server': {
    may: ['runtime', 'wire', 'scenario', 'generate', 'audio'],
    typesOf: ['protocol'],
    // It has only names, nothing that could judge the server.
    files: ['protocol/dialects.ts', 'protocol/editions.ts', 'protocol/scriptix/service.ts'],
  },
  record: { may: ['runtime', 'wire'] },
  conformance: { may: ['runtime', 'wire', 'scenario', 'protocol', 'audio', 'drawing'] },
  load: { may: ['runtime', 'wire', 'scenario', 'protocol', 'conformance'] },
  cli: {
    may: ['runtime', 'wire', 'protocol', 'audio', 'scenario', 'mock-server', 'record', 'conformance', 'load'],
  },
  vitest: { may: ['runtime', 'wire', 'mock-server'] },
  microphone: { may: [] },
  page: { may: ['drawing'], typesOf: ['wire'] },
  // The public API of the library.
  '.': {
    may: ['runtime', 'wire', 'mock-server', 'conformance', 'vitest'],
    typesOf: ['protocol', 'scenario', 'microphone'],
    files: ['scenario/speech/fixtures.ts'],
  },
};

const SRC = join(import.meta.dirname, '../../src');

interface Import {
  readonly from: string;
  readonly file: string;
  readonly to: string;
  /** The imported file, from `src` on. */
  readonly path: string;
  readonly typeOnly: boolean;
}

function layerOf(path: string): string {
  const [first = '', ...rest] = relative(SRC, path).split(sep);
  return rest.length === 0 ? '.' : first;
}

function importsOf(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return;
    const path = posix.join(dirname(file), specifier.text);
    const from = { from: layerOf(file), file: relative(SRC, file) };
    found.push({ ...from, to: layerOf(path), path: relative(SRC, path), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isAllowed({ from, to, path, typeOnly }: Import): boolean {
  const layer = LAYERS[from];
  if (layer === undefined) return false;
  const isOfTypes = typeOnly && (layer.typesOf ?? []).includes(to);
  return from === to || layer.may.includes(to) || isOfTypes || (layer.files ?? []).includes(path);
}

const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
const IMPORTS = FILES.flatMap((name) => importsOf(join(SRC, name), readFileSync(join(SRC, name), 'utf8')));

/** The circles in which files import each other, each once. Imports of types count, because they tie files together, too. */
function circlesIn(imports: readonly Pick<Import, 'file' | 'path'>[]): readonly string[] {
  const ahead = new Map<string, string[]>();
  for (const { file, path } of imports) ahead.set(file, [...(ahead.get(file) ?? []), path]);
  const circles: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) circles.push([...way.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const next of ahead.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of ahead.keys()) walk(file, []);
  return circles;
}

it('folders import only what the table of layers allows', () => {
  expect(IMPORTS.length).toBeGreaterThan(50);
  expect(IMPORTS.filter((found) => !isAllowed(found))).toEqual([]);
});

const BENCH = join(SRC, '../bench');

it('no files import each other in a circle', () => {
  expect(circlesIn(IMPORTS)).toEqual([]);

  const bench = readdirSync(BENCH, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => importsOf(join(BENCH, name), readFileSync(join(BENCH, name), 'utf8')));
  expect(bench.length).toBeGreaterThan(50);
  expect(circlesIn(bench)).toEqual([]);
});

it('a circle is found', () => {
  const imports = [
    { file: 'a.ts', path: 'b.ts' },
    { file: 'b.ts', path: 'c.ts' },
    { file: 'c.ts', path: 'b.ts' },
    { file: 'd.ts', path: 'a.ts' },
  ];
  expect(circlesIn(imports)).toEqual(['b.ts → c.ts → b.ts']);
});

interface Export {
  readonly name: string;
  readonly file: string;
}

function exportsOf(file: string, text: string): Export[] {
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const isExported = (statement: ts.Statement) =>
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  const namesOf = (statement: ts.Statement): readonly (ts.Node | undefined)[] =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(({ name }) => name)
      : 'name' in statement
        ? [statement.name as ts.Node]
        : [];
  return statements
    .filter(isExported)
    .flatMap(namesOf)
    .flatMap((name) => (name !== undefined && ts.isIdentifier(name) ? { name: name.text, file } : []));
}

/** The dialect that a file is about, by its own name or that of a folder; files of two dialects may use the same words. */
function dialectIn(file: string): string | undefined {
  return file.split(/[/.]/).find((part) => /^(scriptix|reson8|transport)(-[a-z]+)?$/.test(part));
}

/** The names that files of one layer export for different things. */
function homonymsIn(exports: readonly Export[]): readonly string[] {
  const files = new Map<string, Set<string>>();
  for (const { name, file } of exports) {
    const key = `${layerOf(join(SRC, file))}: ${name}`;
    files.set(key, (files.get(key) ?? new Set()).add(file));
  }
  return [...files].flatMap(([key, all]) => {
    const dialects = new Set([...all].map(dialectIn));
    const isOfDialects = !dialects.has(undefined) && dialects.size === all.size;
    return all.size === 1 || isOfDialects ? [] : [`${key} in ${[...all].join(', ')}`];
  });
}

/** The entry points of the package; each exports a `test` or a `recording` of its own. */
const isEntry = (name: string) => !name.includes(sep);

it('has one meaning for each exported name in a layer', () => {
  const exports = FILES.filter((name) => !isEntry(name)).flatMap((name) =>
    exportsOf(name, readFileSync(join(SRC, name), 'utf8')),
  );

  expect(exports.length).toBeGreaterThan(1000);
  expect(homonymsIn(exports)).toEqual([]);
});

it.each([
  ['cli/a.ts', 'cli/b.ts', true],
  ['cli/a.ts', 'load/b.ts', false],
  ['protocol/scriptix/a.ts', 'protocol/reson8/a.ts', false],
  ['protocol/reson8/a.ts', 'protocol/reson8-turns/a.ts', false],
  ['protocol/reson8/a.ts', 'protocol/reson8/b.ts', true],
  ['protocol/reson8/a.ts', 'protocol/b.ts', true],
])('sees a name that %s and %s both export: %s', (first, second, isSeen) => {
  const exports = [
    ...exportsOf(first, 'export const same = 1, other = 2;'),
    ...exportsOf(second, 'export interface same {}\ninterface other {}'),
  ];

  expect(homonymsIn(exports)).toHaveLength(isSeen ? 1 : 0);
});

/** A folder with more entries should be divided. */
const MOST_ENTRIES = 22;

it.each([
  ['src', 50],
  ['test', 50],
  ['bench', 5],
])('no folder in %s is crowded', (top, folders) => {
  const entries = readdirSync(join(SRC, '..', top), { recursive: true, withFileTypes: true });
  const counts = new Map<string, number>();
  for (const { parentPath } of entries) counts.set(parentPath, (counts.get(parentPath) ?? 0) + 1);

  expect(counts.size).toBeGreaterThan(folders);
  expect([...counts].filter(([, count]) => count > MOST_ENTRIES)).toEqual([]);
});

/** What a package exports is found at the top of `src`; anywhere else a reader would not know which of the two to open. */
const ENTRIES = ['src/microphone.ts', 'src/vitest.ts'];

it('the main file of a folder is in it, not beside it', () => {
  const top = join(SRC, '..');
  const entries = ['src', 'test', 'bench'].flatMap((name) =>
    readdirSync(join(top, name), { recursive: true, withFileTypes: true }),
  );
  const nameOf = (entry: (typeof entries)[number]) => relative(top, join(entry.parentPath, entry.name));
  const folders = new Set(entries.filter((entry) => entry.isDirectory()).map(nameOf));
  const beside = entries
    .filter((entry) => entry.isFile())
    .map(nameOf)
    .filter((file) => folders.has(file.replace(/\.tsx?$/, '')));

  expect(beside.sort()).toEqual(ENTRIES);
});

it.each([
  ['audio/x.ts', "import { a } from '../mock-server/b.ts';", false],
  ['mock-server/x.ts', "import { a } from '../protocol/b.ts';", false],
  ['mock-server/x.ts', "import { a } from '../protocol/dialects.ts';", true],
  ['wire/x.ts', "import { a } from '../protocol/dialects.ts';", false],
  ['mock-server/x.ts', "import type { a } from '../protocol/b.ts';", true],
  ['mock-server/x.ts', "void import('../cli/b.ts');", false],
  ['record/x.ts', "import { a } from '../mock-server/b.ts';", false],
  ['runtime/x.ts', "export * from '../wire/b.ts';", false],
  ['page/x.tsx', "import { a } from '../wire/trace.ts';", false],
  ['page/x.tsx', "import type { a } from '../wire/trace.ts';", true],
  ['page/x.tsx', "import type { a } from '../mock-server/events.ts';", false],
  ['cli/x.ts', "import { a } from '../mock-server/b.ts';", true],
])('in %s the import %s is allowed: %s', (name, text, expected) => {
  expect(importsOf(join(SRC, name), text).every(isAllowed)).toBe(expected);
});
