import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startClientFake } from '../../src/cli/conformance/client-fake.ts';
import type { StartFake } from '../../src/conformance/client/fake.ts';
import type { RequirementResult } from '../../src/conformance/judge/result.ts';
import type { ClientRunOptions } from '../../src/conformance/client-run-options.ts';
import { runClient, type ClientRun } from '../../src/conformance/run-client.ts';
import { folder } from '../support/programs/folder.ts';
import { POLITE, scripted } from './client/scripted.ts';

/** Only a client that hangs takes so long, however busy the machine is. */
const HANGS_MS = 60_000;

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
    timeoutMs: HANGS_MS,
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
  it('judges the client by the requirements on clients, and does not judge the fake', async () => {
    const { report } = await judged(POLITE, ['warm-model']);
    expect(report.subject).toMatchObject({ kind: 'client', dialect: 'scriptix' });
    expect(report.requirements.every(({ side }) => side !== 'server')).toBe(true);

    const verdicts = new Map(report.requirements.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts.get('SX-MIC-001')).toBe('pass');
    expect(verdicts.get('SX-CONN-015')).toBe('warn');
    expect(verdicts.get('SX-CONN-020')).toBe('pass');
    // There was no audio, and no ping from a server.
    expect([verdicts.get('SX-MIC-005'), verdicts.get('TR-002')]).toEqual(['not-exercised', 'not-exercised']);
    expect(report.outcome).toBe('incomplete');
  });

  it('gives findings a command that shows them again, and shows paths of this machine nowhere else', async () => {
    const run = await judged(POLITE, ['warm-model'], { seed: 7 });
    expect(result(run, 'SX-CONN-015')?.repro).toMatch(
      /^npx understudy conformance client --dialect scriptix --scenario warm-model --only SX-CONN-015 --seed 7 --timeout 60000ms -- \S*node \/\S+\/client\.mjs$/,
    );

    const others = JSON.stringify(run.report, (key, value: unknown) => (key === 'repro' ? undefined : value));
    expect(others).not.toMatch(/"\/|\/tmp\/|client%2Fkey/);
  });

  it('recognises a token that was not encoded by the token that arrived', async () => {
    const script = POLITE.replace('connect()', "new WebSocket(url + '?token=' + token)");
    const { report } = await judged(script, ['warm-model'], { only: ['SX-CONN-020'] });
    expect(report.requirements).toMatchObject([{ id: 'SX-CONN-020', verdict: 'warn' }]);
  });

  it('gives the reason why requirements were not exercised by a client without reports', async () => {
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

  it('reads reports from standard output if they come there', async () => {
    const script = POLITE.replaceAll(/say\(/g, '((report) => console.log(JSON.stringify(report)))(');
    await using client = await scripted(script);
    const { command, args } = client.options;
    const options = { kind: 'command', command, args, reportsOn: 'stdout' } as const;
    const run = await judged(script, ['error-mid-session'], { client: options });

    expect(run.plays.flatMap(({ events }) => events).some(({ kind }) => kind === 'report')).toBe(true);
  });
});

// Of a client that crashed in 17 scenarios one saw only requirements that were not exercised: what it had written about
// its crash was in no report.
describe('a client that crashes', () => {
  it('is reported with how and why it crashed, without the secrets that it was given', async () => {
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

describe('a run does not pass', () => {
  /** A client that connects keeps what is judged, so only how it ended matters. */
  const ONLY = { only: ['SX-CONN-004'] };
  const connected = (rest: string) => `const ws = connect(); ws.on('open', () => { ${rest} });`;

  it.each([
    ['that is killed', connected("process.kill(process.pid, 'SIGSEGV')"), HANGS_MS, 'killed by SIGSEGV'],
    ['that never ends', connected('setInterval(() => 0, 1000)'), 6000, 'had not ended after 6 s'],
  ])('with a client %s', async (_what, script, timeoutMs, note) => {
    const { report } = await judged(script, ['warm-model'], { ...ONLY, timeoutMs });

    expect(report.requirements).toMatchObject([{ verdict: 'pass' }]);
    expect(report.outcome).toBe('incomplete');
    expect(report.causes).toEqual([expect.stringContaining(note)]);
  });

  it('with a client that does nothing in one of the scenarios', async () => {
    const script = `if (scenario === 'warm-model') ${POLITE.replace('const ws = connect();', '{ const ws = connect();')} }`;
    const { report } = await judged(script, ['warm-model', 'cold-model'], ONLY);

    expect(report.requirements).toMatchObject([{ verdict: 'pass' }]);
    expect(report.outcome).toBe('incomplete');
    expect(report.causes).toEqual(['The client neither connected nor called anything in cold-model.']);
  });

  it('when it is called off', async () => {
    const { report } = await judged(POLITE, ['warm-model'], { ...ONLY, signal: AbortSignal.abort() });
    expect(report.outcome).toBe('incomplete');
    expect(report.causes).toEqual(['The run was stopped before its end: 1 of 1 scenarios were not played.']);
  });

  it('with a client that shows a violation, whatever else happens', async () => {
    const script = connected(
      "ws.send(Buffer.alloc(320)); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 200)",
    );
    const { report } = await judged(script, ['warm-model'], { only: ['SX-MIC-001'] });

    expect(report.outcome).toBe('violations');
  });

  it('when a fake fails, as that is our own fault', async () => {
    const startFake: StartFake = () => Promise.reject(new Error('no port is free'));
    const { report } = await judged(POLITE, ['warm-model'], { startFake });

    expect(report.outcome).toBe('harness-error');
    expect(report.notes).toEqual(['warm-model could not be played: no port is free']);
  });
});

describe('wrong use', () => {
  it.each([
    ['an unknown scenario', ['no-such-thing'], /there is none named|no scenario/i],
    ['a scenario of another dialect', ['reson8/yes-twice'], /reson8\/yes-twice/],
    ['a scenario given twice', ['warm-model', 'scriptix/warm-model'], /warm-model is given twice/],
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

  it('a program that does not exist is reported as one', async () => {
    const client = { kind: 'command', command: 'no-such-program', args: [] } as const;
    await expect(judged(POLITE, ['warm-model'], { client })).rejects.toThrow('no-such-program');
  });
});

it('a scenario in a file is played under the name of the file', async () => {
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

it('a baseline excuses what it lists, and an entry without a finding makes it stale', async () => {
  const baseline = [{ id: 'SX-CONN-015', reason: 'known' }];
  const excused = await judged(POLITE, ['warm-model'], { only: ['SX-CONN-015'], baseline });
  expect(excused.report).toMatchObject({ outcome: 'conforming', summary: { excused: 1 } });

  const stale = await judged(POLITE, ['warm-model'], {
    only: ['SX-MIC-001'],
    baseline: [{ id: 'SX-MIC-001', reason: 'known' }],
  });
  expect(stale.report.outcome).toBe('stale-baseline');
});
