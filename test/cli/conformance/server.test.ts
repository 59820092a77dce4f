import { readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/conformance/report/report.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import {
  conformance,
  probe,
  ran,
  ranAlone,
  reportIn,
  verdictOf,
  type Ran,
} from '../../support/conformance.ts';
import { folder, type Folder } from '../../support/programs/folder.ts';
import { freePort } from '../../support/programs/free-port.ts';
import { encodingsOf } from '../../support/secrets.ts';
import { parseXml } from '../../support/formats/xml.ts';

const TOKENS = { UNDERSTUDY_TOKEN: 'any-token', UNDERSTUDY_BAD_TOKEN: 'invalid-key' };
const QUICK = ['--profile', 'quick', '--pace', '100'];

function against(fake: MockServer, dialect: 'scriptix' | 'reson8'): readonly string[] {
  return ['server', '--dialect', dialect, '--url', fake.urls.url.replace('http', 'ws'), ...QUICK];
}

/** Judges a fake with one probe. */
async function judged(
  options: Parameters<typeof startMockServer>[0],
  probeName: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv = TOKENS,
): Promise<Ran> {
  await using fake = await startMockServer(options);
  const dialect = probeName.startsWith('reson8') ? 'reson8' : 'scriptix';
  return await ran([...against(fake, dialect), '--scenario', probe(probeName), ...flags], env);
}

async function filesIn(files: Folder): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(files.path('.'), { recursive: true, withFileTypes: true });
  const texts = entries
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }): Promise<[string, string]> => {
      return [name, await readFile(`${parentPath}/${name}`, 'utf8')];
    });
  return new Map(await Promise.all(texts));
}

describe('understudy conformance server', () => {
  it('exits with 0 for a server that keeps all requirements, and writes every report and trace', async () => {
    await using fake = await startMockServer();
    await using files = await folder();
    const formats = ['json', 'junit', 'html', 'markdown', 'tap', 'text'];
    const { code, stdout, stderr } = await ranAlone(
      [
        ...against(fake, 'reson8'),
        ...formats.flatMap((format) => ['--report', `${format}:${files.path(`reports/r.${format}`)}`]),
        ...['--traces', files.path('traces')],
      ],
      TOKENS,
    );

    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/\nConforming: .*\n$/);
    expect(stderr).toMatch(
      /^ws:\/\/127\.0\.0\.1:\d+: \d+ probes \(2\d\d s of audio, \d{2,3} sessions\); at most .* of audio, .* sessions/,
    );

    const report = await reportIn(files.path('reports/r.json'));
    expect(report).toMatchObject({ outcome: 'conforming', profile: 'quick', seed: 1, summary: { fail: 0 } });

    const texts = await filesIn(files);
    expect(parseXml(texts.get('r.junit') ?? '').name).toBe('testsuites');
    expect(texts.get('r.html')).toMatch(/^<!doctype html>/i);
    expect(texts.get('r.markdown')).toMatch(/^## Conformance: conforming/);
    expect(texts.get('r.tap')).toMatch(/^TAP version 14\n1\.\.\d+\n/);
    expect(texts.get('r.text')).toContain('\nConforming: ');

    // Every session of the report says where its trace is, and it is there.
    for (const { trace = 'none' } of report.sessions) await readFile(trace);
    expect(report.sessions.length).toBeGreaterThan(40);
  });

  it('exits with 1 when a MUST is broken, names it, and shows where', async () => {
    await using files = await folder();
    const { code, stdout } = await judged({ scenario: 'final-changes' }, 'scriptix/speech', [
      ...['--report', `json:${files.path('r.json')}`, '--traces', files.path('traces')],
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/\nFAIL +SX-FIN-014 +MUST, server\n/);
    expect(stdout).toMatch(/\nViolations: 1 requirement is broken\.\n$/);

    const report = await reportIn(files.path('r.json'));
    const broken = report.requirements.find(({ verdict }) => verdict === 'fail');
    expect(broken).toMatchObject({ id: 'SX-FIN-014', trace: files.path('traces/scriptix-speech.ndjson') });

    // The evidence is lines of that trace: the final, and the other one.
    const lines = (await readFile(files.path('traces/scriptix-speech.ndjson'), 'utf8')).split('\n').slice(1);
    const evidence = (broken?.evidence ?? []).map((line) => lines[line] ?? '');
    expect(evidence).toHaveLength(2);

    for (const line of evidence) expect(line).toContain('is_final\\":true');
    // And the command that it names shows the same again.
    expect(broken?.repro).toMatch(/^npx understudy conformance server .* --only SX-FIN-014$/);
  });

  // The report came in time, but the process went on until the name server was given up.
  it('ends although a host name is still being looked up', async () => {
    const silent =
      "import dns from 'node:dns'; dns.lookup = (host, options, callback) => setTimeout(callback, 600_000, new Error());";
    const { code, stdout } = await ranAlone(
      ['server', '--dialect', 'reson8', '--url', 'ws://asr.example.com', ...QUICK, '--max-time', '2s'],
      { ...TOKENS, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(silent)}` },
    );

    expect(code).toBe(3);
    expect(stdout).toContain('--max-time 2s');
  });

  it('counts a SHOULD as a MUST with --strict', async () => {
    const only = ['--only', 'SX-FIN-016'];
    const lenient = await judged({ scenario: 'final-sent-twice' }, 'scriptix/speech', only);
    expect(lenient.stdout).toMatch(/\nWARN +SX-FIN-016/);
    expect(lenient.code).toBe(0);

    const strict = await judged({ scenario: 'final-sent-twice' }, 'scriptix/speech', [...only, '--strict']);
    expect(strict.stdout).toMatch(/\nFAIL +SX-FIN-016/);
    expect(strict.code).toBe(1);
  });

  it('judges only what --only names, and leaves out what --skip names', async () => {
    const flags = ['--only', 'SX-FIN-014,SX-PART-001', '--only', 'SX-PART-002'];
    const all = await judged({ scenario: 'final-changes' }, 'scriptix/speech', [
      ...flags,
      ...['--report', 'json:-'],
    ]);
    const ids = (text: string) =>
      (JSON.parse(text) as { requirements: { id: string }[] }).requirements.map(({ id }) => id);

    expect(all.code).toBe(1);
    // Standard output contains only the report; messages for people go to standard error.
    expect(ids(all.stdout)).toEqual(['SX-PART-001', 'SX-PART-002', 'SX-FIN-014']);
    expect(all.stderr).toContain('Violations: 1 requirement is broken.');

    const without = await judged({ scenario: 'final-changes' }, 'scriptix/speech', [
      ...flags,
      ...['--report', 'json:-', '--skip', 'SX-FIN-014'],
    ]);
    expect(without.code).toBe(0);
    expect(ids(without.stdout)).toEqual(['SX-PART-001', 'SX-PART-002']);
  });

  // Every probe was played, whatever was asked for: minutes of audio, which a live service charges for.
  describe('--only', () => {
    const only = async (
      options: Parameters<typeof startMockServer>[0],
      dialect: 'scriptix' | 'reson8',
      id: string,
    ) => {
      await using fake = await startMockServer(options);
      await using files = await folder();
      const flags = ['--only', id, '--report', `json:${files.path('r.json')}`];
      const { stderr } = await ran([...against(fake, dialect), ...flags], TOKENS);
      const report = await reportIn(files.path('r.json'));
      return {
        plan: stderr.split('\n')[0],
        verdict: verdictOf(report, id),
        played: [...new Set(report.sessions.map(({ play }) => play))],
      };
    };

    it('plays the probes that the requirement needs, and says what they cost', async () => {
      const { plan, verdict, played } = await only({}, 'scriptix', 'SX-CONN-006');

      expect(plan).toMatch(/: 1 of \d+ probes \(2 s of audio, 2 sessions\); at most/);
      expect(verdict).toBe('pass');
      expect(played).toEqual(['preflight', 'scriptix/token-in-x-zoom-s2t-key']);
    });

    it('also plays the controls without which nothing can be decided', async () => {
      const { verdict, played } = await only({ speed: 10 }, 'reson8', 'R8-TR-013');
      expect(verdict).toBe('pass');
      expect(played).toEqual(['preflight', 'reson8/parameters', 'reson8/silence']);
    });

    it('starts a service that is down, and waits until it is up', async () => {
      const service = { status: 'scaled_down', startMs: 200 } as const;
      const { verdict, played } = await only({ service, speed: 10 }, 'scriptix', 'SX-CONN-006');

      expect(verdict).toBe('pass');
      expect(played.sort()).toEqual([
        'another-look/scriptix',
        'preflight',
        'scriptix-rest/start-the-service',
        'scriptix/token-in-x-zoom-s2t-key',
      ]);
    });
  });

  it('plays a bundled probe by its name, and suggests one for an unknown name', async () => {
    await using fake = await startMockServer({ speed: 5 });
    const { code, stdout } = await ran(
      [...against(fake, 'reson8'), '--scenario', 'reson8/ping', '--only', 'TR-002'],
      TOKENS,
    );
    expect(code, stdout).toBe(0);

    const wrong = await ran([...against(fake, 'reson8'), '--scenario', 'reson8/pong'], TOKENS);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(
      '--scenario: reson8/pong is neither a file nor the name of a bundled probe; did you mean "reson8/ping"?',
    );
  });

  it('accepts a deviation that is named, and says so', async () => {
    const only = ['--only', 'R8-W-006'];
    const refused = await judged({ scenario: 'confidence-logprob' }, 'reson8/speech', only);
    expect(refused.code).toBe(1);

    const flags = [...only, '--deviation', 'r8-confidence-logprob'];
    const accepted = await judged({ scenario: 'confidence-logprob' }, 'reson8/speech', flags);
    expect(accepted.code, accepted.stdout).toBe(0);
    expect(accepted.stdout).toMatch(/\n +1 +excused\n/);
  });

  it('exits with 3 when a MUST needs a credential that is missing, and names its flag', async () => {
    const only = ['--only', 'R8-AUTH-007'];
    const without = await judged({}, 'reson8/token-invalid', only, { UNDERSTUDY_TOKEN: 'any-token' });
    expect(without.code).toBe(3);
    expect(without.stdout).toContain(
      'token-invalid was not played: it needs --bad-token (credentials.invalid in the library),',
    );
    expect((await judged({}, 'reson8/token-invalid', only)).code).toBe(0);

    // An empty variable, which a CI leaves for a secret that is not set, counts as absent.
    const empty = { ...TOKENS, UNDERSTUDY_BAD_TOKEN: '' };
    expect((await judged({}, 'reson8/token-invalid', only, empty)).code).toBe(3);
  });

  it('exits with 3 and says so plainly when nothing can be reached, and fails no requirement for it', async () => {
    const fake = await startMockServer({ port: await freePort() });
    const args = against(fake, 'scriptix');
    await fake.stop();
    const { code, stdout } = await ran(args, TOKENS);

    expect(code).toBe(3);
    expect(stdout).toMatch(/No connection: nothing listens on 127\.0\.0\.1:\d+/);
    expect(stdout).toMatch(/\n +0 +fail\n/);

    const unknown = await ran(['server', '--dialect', 'reson8', '--url', 'wss://nowhere.invalid'], TOKENS);
    expect(unknown.code).toBe(3);
    expect(unknown.stdout).toContain('the name nowhere.invalid is not known');
  });

  it('exits with 4 if an entry of the baseline passes or has expired, and with 0 if it still holds', async () => {
    await using files = await folder();
    const flags = ['--only', 'SX-FIN-014', '--baseline', files.path('known.yaml')];
    const entry = (expires: string) =>
      writeFile(
        files.path('known.yaml'),
        `- { id: SX-FIN-014, reason: told to them, expires: ${expires} }\n`,
      );

    await entry('2999-12-31');
    const holds = await judged({ scenario: 'final-changes' }, 'scriptix/speech', flags);

    expect(holds.code).toBe(0);
    expect(holds.stdout).toMatch(/\n +1 +excused\n/);

    const passes = await judged({}, 'scriptix/speech', flags);
    expect(passes.code).toBe(4);
    expect(passes.stdout).toMatch(/SX-FIN-014: it passes now, so the entry must go \(told to them\)/);

    await entry('2020-01-31');
    const expired = await judged({ scenario: 'final-changes' }, 'scriptix/speech', flags);
    expect(expired.code).toBe(4);
    expect(expired.stdout).toMatch(/SX-FIN-014: the entry expired on 2020-01-31/);
  });

  it.each([
    [
      ['--max-sessions', '1'],
      'The first look succeeded: .* Nothing else was played \\(--max-sessions 1\\)\\.',
    ],
    [['--max-audio', '9s'], 'The first look succeeded: .* Nothing else was played \\(--max-audio 9s\\)\\.'],
    [['--max-time', '1ms'], 'The budget was used up \\(--max-time 0\\.001s\\): .* not played\\.'],
  ])('ends incomplete within its budget: %s', async (flags, cause) => {
    await using files = await folder();
    const report = `json:${files.path('r.json')}`;
    const { code, stdout } = await judged({}, 'scriptix/speech', [...flags, '--report', report]);

    expect(code).toBe(3);

    const lines = stdout.replace(/\s+/g, ' ');
    expect(lines).toMatch(new RegExp(`^Incomplete: ${cause}`));
    expect(lines).toMatch(new RegExp(`Incomplete: ${cause} $`));

    const { sessions, requirements } = await reportIn(files.path('r.json'));
    const unseen = requirements.filter(({ verdict }) => verdict === 'not-exercised');
    expect(unseen.length).toBeGreaterThan(0);

    for (const { reason } of unseen) expect(reason).toMatch(new RegExp(`^${cause}$`));
    expect(sessions.map(({ play }) => play)).toEqual(['preflight']);
  });

  it('writes its reports and exits with 3 when it is interrupted', async () => {
    await using fake = await startMockServer();
    await using files = await folder();
    const args = ['--pace', 'realtime', '--report', `json:${files.path('r.json')}`];
    const url = fake.urls.url.replace('http', 'ws');
    await using program = conformance(
      ['server', '--dialect', 'reson8', '--url', url, '--profile', 'quick', ...args],
      TOKENS,
    );
    // The first ones only check whether there is a socket.
    const hasAudio = async () =>
      (await fake.nextSession()).received('audio').then(
        () => true,
        () => false,
      );
    while (!(await hasAudio()));
    program.signal('SIGINT');

    expect((await program.exit).code).toBe(3);
    expect(program.stdout).toContain('The run was stopped before its end.');

    const report = await reportIn(files.path('r.json'));
    expect(report.outcome).toBe('incomplete');
    expect(report.sessions.length).toBeGreaterThan(1);
  });

  it('keeps the smallest session that breaks a requirement, and can play it again', async () => {
    await using fake = await startMockServer({ scenario: 'final-changes', speed: 5 });
    await using files = await folder();
    const flags = ['--profile', 'full', '--pace', '100', '--only', 'SX-FIN-014'];
    const made = ['--runs', '3', '--counterexamples', files.path('small'), '--report', 'json:-'];
    const server = against(fake, 'scriptix').slice(0, 5);
    const first = await ran([...server, ...flags, ...made], TOKENS);

    expect(first.code).toBe(1);

    const { requirements } = JSON.parse(first.stdout) as Report;
    const { scenario = '', determinism, diagram } = requirements[0] ?? {};
    expect({ scenario, determinism }).toEqual({
      scenario: expect.stringMatching(/small\/SX-FIN-014-\w+\.yaml$/) as string,
      determinism: '3/3',
    });
    expect(diagram).toContain('good mornings doctor');

    const again = await ran([...server, ...flags, '--runs', '0', '--scenario', scenario], TOKENS);
    expect(again.code).toBe(1);
    expect(again.stdout).toMatch(/\nFAIL +SX-FIN-014/);
  });

  it('generates the same sessions from the same seed, and reports the seed', async () => {
    await using fake = await startMockServer();
    await using files = await folder();
    const generated = async (seed: string, name: string) => {
      const flags = ['--profile', 'full', '--runs', '2', '--only', 'R8-MSG-001', '--seed', seed];
      const [, , dialect = '', , url = ''] = against(fake, 'reson8');
      const output = ['--traces', files.path(name), '--report', `json:${files.path(`${name}.json`)}`];
      const { code, stdout } = await ran(
        ['server', '--dialect', dialect, '--url', url, '--pace', '100', ...flags, ...output],
        TOKENS,
      );
      expect(code, stdout).toBe(0);
      expect(stdout).toContain(`seed ${seed},`);
      expect((await reportIn(files.path(`${name}.json`))).seed).toBe(Number(seed));
      return (await readdir(files.path(name))).filter((file) => file.startsWith('generated')).sort();
    };
    const first = await generated('7', 'a');

    expect(first).toHaveLength(2);
    expect(await generated('7', 'b')).toEqual(first);
    expect(await generated('8', 'c')).not.toEqual(first);
  });

  it('writes annotations and a step summary for a GitHub job', async () => {
    await using files = await folder();
    await writeFile(files.path('summary.md'), 'of an earlier step\n');
    const flags = ['--only', 'SX-FIN-014', '--report', `markdown:${files.path('summary.md')}`];
    const { stdout } = await judged({ scenario: 'final-changes' }, 'scriptix/speech', flags, {
      ...TOKENS,
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: files.path('summary.md'),
    });

    expect(stdout.split('\n').filter((line) => line.startsWith('::'))).toEqual([
      expect.stringMatching(/^::error title=SX-FIN-014 \(MUST\)::A final never changes/),
    ]);
    expect(await readFile(files.path('summary.md'), 'utf8')).toMatch(
      /^of an earlier step\n## Conformance: violations/,
    );
  });

  it('writes no credential anywhere, in any form', async () => {
    const valid = 's3cr3t/of+mine==';
    const wrong = 'wr0ng/one+too==';
    const user = 'us3r:without&scope';
    await using fake = await startMockServer({ keys: [`${valid}:admin`, `${user}:user`] });
    await using files = await folder();
    const formats = ['json', 'junit', 'html', 'markdown', 'tap'];
    const { code, stdout, stderr } = await ranAlone(
      [
        ...against(fake, 'scriptix'),
        ...formats.flatMap((format) => ['--report', `${format}:${files.path(`r.${format}`)}`]),
        ...['--traces', files.path('traces'), '--user-token', user],
        // All forms of the credential, and refusals.
        ...[
          'scriptix/token-invalid',
          'scriptix/token-in-x-api-key',
          'scriptix-stream/parameters',
          'scriptix-rest/start-the-service',
          'scriptix-rest/key-without-scope',
          'scriptix-rest/key-invalid',
        ].flatMap((name) => ['--scenario', probe(name)]),
      ],
      { UNDERSTUDY_TOKEN: valid, UNDERSTUDY_BAD_TOKEN: wrong },
    );

    expect(code).toBe(3);

    const texts = new Map([...(await filesIn(files)), ['stdout', stdout], ['stderr', stderr]]);
    expect(texts.size).toBeGreaterThan(12);

    const traces = [...texts.values()].join('');
    // They were sent, as their stand-ins show.
    expect(traces).toMatch(/"x-api-key":"redacted-\d"/);
    expect(traces).toMatch(/\/v2\/realtime\?token=redacted-\d/);
    expect(traces).toMatch(/"target":"\/v2\/client\/redacted-\d/);

    for (const secret of [valid, wrong, user]) {
      for (const [encoding, form] of encodingsOf(secret)) {
        const found = [...texts].filter(([, text]) => text.includes(form)).map(([name]) => name);
        expect({ secret, encoding, found }).toEqual({ secret, encoding, found: [] });
      }
    }
  });
});
