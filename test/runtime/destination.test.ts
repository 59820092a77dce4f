import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { fileTrouble, folderTrouble, makeFolder, writeWhole } from '../../src/runtime/destination.ts';
import { folder } from '../support/programs/folder.ts';

describe('what is in the way of a folder', () => {
  it('is nothing if it exists or can be created, and it is not created', async () => {
    await using files = await folder();

    expect(folderTrouble(files.path('.'))).toBeUndefined();
    expect(folderTrouble(files.path('new/and/deep'))).toBeUndefined();
    expect(await readdir(files.path('.'))).toEqual([]);
  });

  it('can be a file in its place or above it, however deep', async () => {
    await using files = await folder();
    await writeFile(files.path('file'), '');
    for (const below of ['file', 'file/a', 'file/a/b']) {
      expect(folderTrouble(files.path(below))).toBe(
        `cannot be made: ${files.path('file')} is a file, expected a folder`,
      );
    }
  });

  it('can be a link to nothing', async () => {
    await using files = await folder();
    await symlink(files.path('none'), files.path('link'));

    expect(folderTrouble(files.path('link/a'))).toBe(
      `cannot be made: ${files.path('link')} is a link to nothing`,
    );
  });

  it('can be an impossible name', () => {
    expect(folderTrouble('x'.repeat(300))).toBe('cannot be made: the name is too long (ENAMETOOLONG)');
  });

  it.skipIf(process.getuid?.() === 0)('can be a folder of another user', async () => {
    await using files = await folder();
    await mkdir(files.path('theirs'));
    await chmod(files.path('theirs'), 0o500);

    expect(folderTrouble(files.path('theirs/a'))).toBe('cannot be made: permission is denied (EACCES)');
    expect(fileTrouble(files.path('theirs/a'))).toBe('cannot be written: permission is denied (EACCES)');
  });
});

describe('what is in the way of a file', () => {
  it('is nothing for a new file, a file to be replaced, and a device', async () => {
    await using files = await folder();
    await writeFile(files.path('old'), 'as it was');

    expect(fileTrouble(files.path('new/a'))).toBeUndefined();
    expect(fileTrouble(files.path('old'))).toBeUndefined();
    expect(fileTrouble('/dev/null')).toBeUndefined();
    expect(await readFile(files.path('old'), 'utf8')).toBe('as it was');
    expect(await readdir(files.path('.'))).toEqual(['old']);
  });

  it('can be a folder of that name, or a file above it', async () => {
    await using files = await folder();
    await writeFile(files.path('file'), '');

    expect(fileTrouble(files.path('.'))).toBe('cannot be written: it is a folder, expected a file');
    expect(fileTrouble(files.path('file/a'))).toBe(
      `cannot be written: ${files.path('file')} is a file, expected a folder`,
    );
  });
});

describe('writing a file as a whole', () => {
  it('creates the folders above it, and the file with the given mode', async () => {
    await using files = await folder();
    writeWhole(files.path('a/b/c'), 'text', { mode: 0o600, flush: false });

    expect(await readFile(files.path('a/b/c'), 'utf8')).toBe('text');
    expect((await stat(files.path('a/b/c'))).mode & 0o777).toBe(0o600);
    expect(await readdir(files.path('a/b'))).toEqual(['c']);
  });

  it('fails with the error of the system, and leaves nothing behind', async () => {
    await using files = await folder();
    await mkdir(files.path('folder'));

    expect(() => writeWhole(files.path('folder'), 'text')).toThrow(/EISDIR/);
    expect(() => writeWhole('/dev/full', 'text')).toThrow(/ENOSPC/);
    expect(await readdir(files.path('.'))).toEqual(['folder']);
  });
});

describe('a folder', () => {
  it('is created with those above it, and may already exist', async () => {
    await using files = await folder();
    makeFolder(files.path('a/b/c'));
    makeFolder(files.path('a/b/c'));

    expect((await stat(files.path('a/b/c'))).isDirectory()).toBe(true);
  });

  it('is not created in place of a file', async () => {
    await using files = await folder();
    await writeFile(files.path('file'), '');

    expect(() => makeFolder(files.path('file'))).toThrow('EEXIST');
    expect(() => makeFolder(files.path('file/a'))).toThrow('EEXIST');
  });

  // `--report json:/proc/none/r.json` used to keep the command busy forever.
  it.skipIf(process.platform !== 'linux')('is not created where none can exist', () => {
    expect(() => makeFolder('/proc/none/a/b')).toThrow('ENOENT');
  });
});
