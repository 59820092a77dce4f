import { describe, expect, it } from 'vitest';
import { REQUIREMENTS } from '../../../src/protocol/requirements.ts';
import type { Requirement } from '../../../src/protocol/requirement.ts';
import { hosted } from '../../support/programs/hosted.ts';

const run = (...args: readonly string[]) => hosted(['conformance', ...args]);

const idsIn = (stdout: string) =>
  stdout.split('\n').flatMap((line) => /^(?:SX|R8|TR)-[\w-]+/.exec(line) ?? []);
const idsOf = (requirements: readonly Requirement[]) => requirements.map(({ id }) => id);

describe('conformance list', () => {
  it('has for each requirement its id, level, side and places, what it asks and how it is checked', async () => {
    const { code, stdout, stderr } = await run('list');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect([...idsIn(stdout)].sort()).toEqual([...idsOf(REQUIREMENTS)].sort());

    const lines = stdout.split('\n').filter((line) => /^(?:SX|R8|TR)-/.test(line));
    for (const line of lines) {
      expect(line).toMatch(
        /^\S+ +(MUST|SHOULD|INFO) +(server|client|both) +(S\d:|RFC |[A-Z]{1,2}[; ]|- ).*\((not checked|checked on): .*\)$/,
      );
    }
    expect(lines.find((line) => line.startsWith('SX-FIN-014'))).toMatch(
      /^SX-FIN-014 +MUST +server +S0:72; S1:40 +A final never changes/,
    );
  });

  it('groups requirements below headings with their dialects and number', async () => {
    const { stdout } = await run('list');
    const groups = stdout.trimEnd().split('\n\n');
    let sum = 0;
    for (const group of groups) {
      const [heading = '', ...lines] = group.split('\n');
      const [, dialects, count] = /^(?:((?:scriptix|reson8)[\w, -]*)): (\d+)$/.exec(heading) ?? [];
      expect(dialects, heading).toBeDefined();
      expect(lines.length).toBe(Number(count));
      sum += lines.length;
    }

    expect(sum).toBe(REQUIREMENTS.length);
  });

  it('--json prints the same as one array, with the check as data', async () => {
    const { code, stdout } = await run('list', '--json');
    expect(code).toBe(0);

    const listed = JSON.parse(stdout) as readonly Requirement[];
    expect(listed).toEqual(JSON.parse(JSON.stringify(REQUIREMENTS)));
    expect(listed.find(({ id }) => id === 'SX-PART-004')).toMatchObject({
      level: 'MUST',
      side: 'server',
      statement: expect.any(String) as string,
      source: [{ document: 'S0', line: 50 }],
      check: { kind: 'invariant', witness: 'a partial' },
    });
  });

  it.each<
    [what: string, flags: readonly string[], has: readonly string[], hasNot: readonly string[], count: number]
  >([
    [
      '--dialect scriptix',
      ['--dialect', 'scriptix'],
      ['SX-CONN-001', 'SX-STR-001', 'SX-REST-001', 'TR-001'],
      ['R8-CONN-001'],
      132,
    ],
    ['--dialect reson8', ['--dialect', 'reson8'], ['R8-CONN-001', 'TR-001'], ['SX-CONN-001'], 106],
    [
      '--dialect scriptix-rest',
      ['--dialect', 'scriptix-rest'],
      ['SX-REST-001'],
      ['SX-CONN-001', 'TR-001'],
      27,
    ],
    ['--side client', ['--side', 'client'], ['SX-MIC-001', 'SX-REST-001', 'TR-002'], ['SX-FIN-001'], 69],
    [
      '--side server --dialect reson8',
      ['--side', 'server', '--dialect', 'reson8'],
      ['R8-TR-001', 'R8-CONN-001'],
      ['R8-QRY-001'],
      82,
    ],
  ])('%s chooses some of the requirements', async (_what, flags, has, hasNot, count) => {
    const ids = idsIn((await run('list', ...flags)).stdout);
    expect(ids).toEqual(expect.arrayContaining([...has]));

    for (const id of hasNot) expect(ids).not.toContain(id);
    expect(ids.length).toBe(count);
  });

  it.each([
    ['--dialect', 'klingon', 'scriptix, scriptix-stream, scriptix-rest, reson8, reson8-turns or reson8-rest'],
    ['--side', 'both', 'server or client'],
  ])('%s %s is refused', async (flag, value, expected) => {
    const { code, stdout, stderr } = await run('list', flag, value);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`${flag}: expected ${expected}, got "${value}"`);
  });

  it('--help has examples', async () => {
    const { code, stdout } = await run('list', '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}understudy conformance list --dialect reson8 --side server/m);
  });
});

it('conformance without a command lists its commands', async () => {
  const { code, stderr } = await run();
  expect(code).toBe(2);
  expect(stderr).toMatch(/conformance server, client, trace, merge, diff or list/);
});
