import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startClientFake } from '../../src/cli/conformance/client-fake.ts';
import type { StartFake } from '../../src/conformance/client/fake.ts';
import type { RequirementResult } from '../../src/conformance/judge/result.ts';
import type { ClientRunOptions } from '../../src/conformance/client-run-options.ts';
import { runClient, type ClientRun } from '../../src/conformance/run-client.ts';
import { folder } from '../support/programs/folder.ts';
import { POLITE, scripted } from './client/scripted.ts';

/** Runs a script as a client. It connects with the token in the query, percent-encoded. */
async function judged(
  script: string,
  scenarios: readonly string[],
  more: Partial<ClientRunOptions> = {},
): Promise<ClientRun> {
  await using client = await scripted(script);
  const { command, args } = client.options;
  return await runClient({
    dialect: 'scriptix',
    startFake: startClientFake,
    client: { kind: 'command', command, args },
    environment: { PATH: process.env['PATH'] },
    timeoutMs: 10_000,
    scenarios,
    ...more,
  });
}

async function written(path: string, text: string): Promise<string> {
  await writeFile(path, text);
  return path;
}

function result(run: ClientRun, id: string): RequirementResult | undefined {
  return run.report.requirements.find((each) => each.id === id);
}

describe('a run of a client', () => {
  it('judges what the client did, as a client, and nothing of the fake', async () => {
    const { report } = await judged(POLITE, ['warm-model']);
    expect(report.subject).toMatchObject({ kind: 'client', dialect: 'scriptix' });
    expect(report.requirements.every(({ side }) => side !== 'server')).toBe(true);

    const verdicts = new Map(report.requirements.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts.get('SX-MIC-001')).toBe('pass');
    expect(verdicts.get('SX-CONN-015')).toBe('warn');
    expect(verdicts.get('SX-CONN-020')).toBe('pass');
    // There was no audio, and nothing of a server's pings.
    expect([verdicts.get('SX-MIC-005'), verdicts.get('TR-002')]).toEqual(['not-exercised', 'not-exercised']);
    expect(report.outcome).toBe('incomplete');
  });

  it('gives findings a command that shows them again, and no place of this machine anywhere else', async () => {
    const run = await judged(POLITE, ['warm-model'], { seed: 7 });
    expect(result(run, 'SX-CONN-015')?.repro).toMatch(
      /^npx understudy conformance client --dialect scriptix --scenario warm-model --only SX-CONN-015 --seed 7 --timeout 10000ms -- \S*node \/\S+\/client\.mjs$/,
    );

    const others = JSON.stringify(run.report, (key, value: unknown) => (key === 'repro' ? undefined : value));
    expect(others).not.toMatch(/"\/|\/tmp\/|client%2Fkey/);
  });

  it('finds a token that was not encoded, by the token that arrived', async () => {
    const script = POLITE.replace('connect()', "new WebSocket(url + '?token=' + token)");
    const { report } = await judged(script, ['warm-model'], { only: ['SX-CONN-020'] });
    expect(report.requirements).toMatchObject([{ id: 'SX-CONN-020', verdict: 'warn' }]);
  });

  it('says of a client that does not report why something was not exercised', async () => {
    const silent = POLITE.replaceAll(/say\(/g, 'void (');
    const run = await judged(silent, ['error-mid-session']);
    for (const id of ['SX-PART-012', 'SX-FIN-021', 'SX-ERR-005', 'SX-ERR-006']) {
      expect(result(run, id)).toMatchObject({
        verdict: 'not-exercised',
        reason: expect.stringContaining('report') as string,
      });
    }

    expect(run.report.outcome).toBe('incomplete');
  });

  it('reads reports from standard output where they are there', async () => {
    const script = POLITE.replaceAll(/say\(/g, '((report) => console.log(JSON.stringify(report)))(');
    await using client = await scripted(script);
    const { command, args } = client.options;
    const options = { kind: 'command', command, args, reportsOn: 'stdout' } as const;
    const run = await judged(script, ['error-mid-session'], { client: options });

    expect(run.plays.flatMap(({ events }) => events).some(({ kind }) => kind === 'report')).toBe(true);
  });
});

// A client that fell over in 17 scenarios was known by requirements that were not exercised: what it had said of its
// fall was in no report.
describe('a client that crashes', () => {
  it('says how and why in the report, without the secrets that it was given', async () => {
    const crash = "{ process.stderr.write('x\\n'.repeat(1000)); throw new Error('with ' + token); }";
    const script = POLITE.replace('ws.close(1000);', crash);
    const { report } = await judged(script, ['warm-model']);
    const [program, ...others] = report.programs ?? [];

    expect(others).toEqual([]);
    expect(program).toMatchObject({ play: 'warm-model', end: 'exited 1', exitCode: 1 });
    expect(program?.stderr.length).toBeLessThanOrEqual(10);
    expect(program?.stderr.join('\n')).toContain('Error: with redacted-');
    expect(program?.stderrByteCount).toBeGreaterThan(2000);
    expect(JSON.stringify(report.programs)).not.toContain('client%2Fkey');
  });

  it('is not judged by its exit code', async () => {
    const { report } = await judged(`${POLITE}; process.exitCode = 7;`, ['warm-model'], {
      only: ['SX-CONN-004'],
    });
    expect(report).toMatchObject({ outcome: 'conforming', programs: [{ exitCode: 7, stderr: [] }] });
  });
});

describe('nothing is a success', () => {
  /** What is judged is held by a client that connects: what remains is how it ended. */
  const ONLY = { only: ['SX-CONN-004'] };
  const connected = (rest: string) => `const ws = connect(); ws.on('open', () => { ${rest} });`;

  it.each([
    ['that is killed', connected("process.kill(process.pid, 'SIGSEGV')"), 'killed by SIGSEGV'],
    ['that never ends', connected('setInterval(() => 0, 1000)'), 'had not ended after 2 s'],
  ])('of a client %s', async (_what, script, note) => {
    const { report } = await judged(script, ['warm-model'], { ...ONLY, timeoutMs: 2000 });

    expect(report.requirements).toMatchObject([{ verdict: 'pass' }]);
    expect(report.outcome).toBe('incomplete');
    expect(report.causes).toEqual([expect.stringContaining(note)]);
  });

  it('of a client that does nothing in one of the scenarios', async () => {
    const script = `if (scenario === 'warm-model') ${POLITE.replace('const ws = connect();', '{ const ws = connect();')} }`;
    const { report } = await judged(script, ['warm-model', 'cold-model'], ONLY);

    expect(report.requirements).toMatchObject([{ verdict: 'pass' }]);
    expect(report.outcome).toBe('incomplete');
    expect(report.causes).toEqual(['The client neither connected nor called anything in cold-model.']);
  });

  it('of a run that is called off', async () => {
    const { report } = await judged(POLITE, ['warm-model'], { ...ONLY, signal: AbortSignal.abort() });
    expect(report.outcome).toBe('incomplete');
    expect(report.causes).toEqual(['The run was stopped before its end: 1 of 1 scenarios were not played.']);
  });

  it('of a client that lets a violation show, whatever else there is', async () => {
    const script = connected(
      "ws.send(Buffer.alloc(320)); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 200)",
    );
    const { report } = await judged(script, ['warm-model'], { only: ['SX-MIC-001'] });

    expect(report.outcome).toBe('violations');
  });

  it('of a fake that fails: that is our own fault', async () => {
    const startFake: StartFake = () => Promise.reject(new Error('no port is free'));
    const { report } = await judged(POLITE, ['warm-model'], { startFake });

    expect(report.outcome).toBe('harness-error');
    expect(report.notes).toEqual(['warm-model could not be played: no port is free']);
  });
});

describe('wrong use', () => {
  it.each([
    ['a scenario that there is not', ['no-such-thing'], /there is none named|no scenario/i],
    ['one of another dialect', ['reson8/yes-twice'], /reson8\/yes-twice/],
    ['the same twice', ['warm-model', 'scriptix/warm-model'], /warm-model is given twice/],
  ])('%s is reported before anything is played', async (_what, scenarios, message) => {
    let fakes = 0;
    const startFake: StartFake = (options) => {
      fakes += 1;
      return startClientFake(options);
    };

    await expect(judged(POLITE, scenarios, { startFake })).rejects.toThrow(message);
    expect(fakes).toBe(0);
  });

  it('a file for another dialect, and a file with a mistake, are reported by their names', async () => {
    await using files = await folder();
    const other = await written(files.path('other.yaml'), '{dialect: reson8, summary: Of a test}\n');
    const wrong = await written(
      files.path('wrong.yaml'),
      '{dialect: scriptix, summary: Of a test, servr: []}\n',
    );

    await expect(judged(POLITE, [other])).rejects.toThrow('other is for reson8');
    await expect(judged(POLITE, [wrong])).rejects.toThrow('servr');
  });

  it('a program that does not exist', async () => {
    const client = { kind: 'command', command: 'no-such-program', args: [] } as const;
    await expect(judged(POLITE, ['warm-model'], { client })).rejects.toThrow('no-such-program');
  });
});

it('plays a scenario of a file, by the name of the file', async () => {
  await using files = await folder();
  const path = await written(
    files.path('my-own.yaml'),
    '{dialect: scriptix, summary: Of a test, server: [{await: start}, {state: listening}, {wait: 30s}]}\n',
  );
  const { report, plays } = await judged(POLITE, [path]);

  expect(plays.map(({ name }) => name)).toEqual(['my-own']);
  expect(result({ report, plays }, 'SX-MIC-001')?.verdict).toBe('pass');

  // The command that repeats a finding has to name the file.
  const others = JSON.stringify([report, plays], (key, value: unknown) =>
    key === 'repro' ? undefined : value,
  );
  expect(others).not.toContain(path);
});

it('what a baseline excuses is excused, and what it need not excuse makes it stale', async () => {
  const baseline = [{ id: 'SX-CONN-015', reason: 'known' }];
  const excused = await judged(POLITE, ['warm-model'], { only: ['SX-CONN-015'], baseline });
  expect(excused.report).toMatchObject({ outcome: 'conforming', summary: { excused: 1 } });

  const stale = await judged(POLITE, ['warm-model'], {
    only: ['SX-MIC-001'],
    baseline: [{ id: 'SX-MIC-001', reason: 'known' }],
  });
  expect(stale.report.outcome).toBe('stale-baseline');
});
