import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { control } from '../../support/clients/control.ts';
import { microphone } from '../../support/scriptix/scriptix.ts';

let top: string;
let folder: string;
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'scenarios-'));
  folder = join(top, 'mine');
  await mkdir(folder);
});
afterEach(() => rm(top, { recursive: true, force: true }));

const GOOD = 'dialect: scriptix\nsummary: It goes\nserver:\n  - open\n  - close: 1011\n';
const OTHER = GOOD.replace('1011', '1012');

describe('a scenario that is being written', () => {
  it('is checked like a file, and is not kept', async () => {
    await using fake = await startMockServer();
    const wrong = GOOD.replace('- open', '- opne');
    const { status, json } = await control(fake, 'POST scenario-check', wrong);

    expect(status).toBe(200);
    expect(json).toEqual({
      mistakes: [
        {
          ...{ line: 4, column: 5, path: 'server[0]', meant: 'open' },
          what: 'unknown step "opne"; did you mean "open"?',
        },
      ],
    });
    expect((await control(fake, 'POST scenario-check', GOOD)).json).toEqual({
      mistakes: [],
      dialect: 'scriptix',
    });
    expect((await control(fake, 'POST scenario-check', 'a: [')).json).toMatchObject({
      mistakes: [{ line: 1 }],
    });
    expect((await control(fake, 'POST scenario-check')).status).toBe(400);
  });

  it('can have every step of the schema, which describes each', async () => {
    await using fake = await startMockServer();
    const { json } = await control(fake, 'GET scenario-schema');

    expect(JSON.stringify(json)).toContain('Lets time pass');
    expect(json).not.toHaveProperty('x-can-save');
  });
});

describe('a scenario that is saved', () => {
  it('is written to a file, and connections get it from then on', async () => {
    await using fake = await startMockServer({ scenarios: [folder], allowSave: true });
    expect((await control(fake, 'GET scenario-schema')).json).toHaveProperty('x-can-save', true);
    await control(fake, 'POST scenarios?name=mine', OTHER);
    const saved = await control(fake, 'PUT scenario-files/mine', GOOD);

    expect([saved.status, saved.json]).toEqual([200, { name: 'mine', dialect: 'scriptix' }]);
    expect(await readFile(join(folder, 'mine.yaml'), 'utf8')).toBe(GOOD);

    await using client = await microphone(fake, { query: { scenario: 'mine' } });
    expect((await client.closed).code).toBe(1011);
  });

  it('replaces another only if the call says so', async () => {
    await using fake = await startMockServer({ scenarios: [folder], allowSave: true });
    await control(fake, 'PUT scenario-files/mine', GOOD);

    expect((await control(fake, 'PUT scenario-files/mine', OTHER)).status).toBe(409);
    expect(await readFile(join(folder, 'mine.yaml'), 'utf8')).toBe(GOOD);

    expect((await control(fake, 'PUT scenario-files/mine?replace=1', OTHER)).status).toBe(200);
    expect(await readFile(join(folder, 'mine.yaml'), 'utf8')).toBe(OTHER);
    expect(await readdir(folder)).toEqual(['mine.yaml']);
  });

  it.each(['..', '..%2fout', 'a%2fb', '.hidden', 'A', 'a%20b', 'con', 'lpt1', 'x'.repeat(101), 'a%00'])(
    'cannot be named %s',
    async (name) => {
      await using fake = await startMockServer({ scenarios: [folder], allowSave: true });
      const { status } = await control(fake, `PUT scenario-files/${name}`, GOOD);

      expect([400, 404]).toContain(status);
      expect(await readdir(folder)).toEqual([]);
      expect(await readdir(top)).toEqual(['mine']);
    },
  );

  it.skipIf(process.platform === 'win32')('is never written through a symbolic link', async () => {
    const outside = join(top, 'outside.yaml');
    await writeFile(outside, GOOD);
    await symlink(outside, join(folder, 'mine.yaml'));
    await symlink(join(top, 'nowhere.yaml'), join(folder, 'other.yaml'));
    await using fake = await startMockServer({ scenarios: [folder], allowSave: true });

    for (const name of ['mine', 'other'])
      for (const replace of ['', '?replace=1'])
        expect((await control(fake, `PUT scenario-files/${name}${replace}`, OTHER)).status).toBe(409);
    expect(await readFile(outside, 'utf8')).toBe(GOOD);
    expect((await readdir(top)).sort()).toEqual(['mine', 'outside.yaml']);
  });

  it('must have no mistakes', async () => {
    await using fake = await startMockServer({ scenarios: [folder], allowSave: true });
    const { status, json } = await control(fake, 'PUT scenario-files/mine', 'dialect: scriptx');

    expect(status).toBe(422);
    expect(json).toMatchObject({ mistakes: [{ line: 1 }, {}] });
    expect(await readdir(folder)).toEqual([]);
  });

  it('needs a writable folder and permission', async () => {
    await using without = await startMockServer({ scenarios: [folder] });

    expect((await control(without, 'PUT scenario-files/mine', GOOD)).status).toBe(404);
    await expect(startMockServer({ allowSave: true })).rejects.toThrow('allowSave');

    await using fake = await startMockServer({ scenarios: [folder], allowSave: true });
    await rm(folder, { recursive: true });
    const gone = await control(fake, 'PUT scenario-files/mine', GOOD);
    expect([gone.status, JSON.stringify(gone.json)]).toEqual([
      409,
      expect.stringContaining('cannot be written'),
    ]);
  });
});
