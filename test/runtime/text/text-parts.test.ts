import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { textParts } from '../../../src/runtime/text/text-parts.ts';

const folder = mkdtempSync(join(tmpdir(), 'text-parts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(bytes: string | Uint8Array): string {
  const path = join(folder, 'file.txt');
  writeFileSync(path, bytes);
  return path;
}

it('the parts of a file make up its text, even if a character is divided by the end of a part', () => {
  // One byte and then characters of three bytes, so that a part ends within a character.
  const text = `x${'€'.repeat(800_000)}`;

  const parts = [...textParts(written(text))];

  expect(parts.length).toBeGreaterThan(2);
  expect(parts.join('')).toBe(text);
});

it('a byte order mark is dropped', () => {
  expect([...textParts(written('\uFEFFa'))].join('')).toBe('a');
});

it('an empty file is an empty text', () => {
  expect([...textParts(written(''))].join('')).toBe('');
});

it('the first byte that is not UTF-8 is reported with its place, whichever part it is in', () => {
  const bytes = Buffer.concat([
    Buffer.from(`${'a\n'.repeat(700_000)}ab`),
    Buffer.from([0xe4]),
    Buffer.from('c'),
  ]);

  expect(() => [...textParts(written(bytes))]).toThrow(/:700001:3: expected UTF-8, got the byte 0xe4/);
});

it('a character that is cut off by the end of the file is reported', () => {
  expect(() => [...textParts(written(Buffer.from([0x61, 0xe2, 0x82])))]).toThrow(/the end in the middle/);
});

it('a file that cannot be read is reported', () => {
  expect(() => [...textParts(join(folder, 'missing.txt'))]).toThrow(
    /cannot be read: there is no such file or folder \(ENOENT\)/,
  );
});
