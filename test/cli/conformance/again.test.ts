import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Report } from '../../../src/conformance/report/report.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { probe, ran, reportIn } from '../../support/conformance.ts';
import { CLI, REPOSITORY } from '../../support/programs/cli.ts';
import { folder } from '../../support/programs/folder.ts';

const TOKENS = { UNDERSTUDY_TOKEN: 'any-token', UNDERSTUDY_BAD_TOKEN: 'invalid-key' };
/** Stands in for npx, so that the command can be pasted unchanged. */
const NPX = 'npx() { shift; "$OUR_NODE" "$OUR_CLI" "$@"; }';

/** Pastes a command into a shell, in the directory of the run. */
async function pasted(command: string, more: string): Promise<void> {
  const env = { ...process.env, ...TOKENS, OUR_NODE: process.execPath, OUR_CLI: CLI };
  // A finding is the exit code 1.
  await promisify(execFile)('sh', ['-c', `${NPX}\n${command} ${more}`], { env }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 1) throw error;
  });
}

function brokenIn({ requirements }: Report): readonly unknown[] {
  return requirements
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ id, level, expected, actual }) => ({ id, level, expected, actual }));
}

// A pasted command lacked paths, limits and deviations, and had `redacted-1` for a token, so its outcome was different.
it('the command in a report shows the same finding again when it is pasted, whatever has to be quoted', async () => {
  await using files = await folder();
  await using fake = await startMockServer({ scenario: 'final-sent-twice' });
  const scenario = files.path("the user's own probe.yaml");
  await copyFile(probe('scriptix/speech'), scenario);
  const flags = [
    ...['--dialect', 'scriptix', '--url', fake.urls.url.replace('http', 'ws'), '--profile', 'quick'],
    ...['--pace', '100', '--scenario', scenario, '--deviation', 'scriptix-rest-bearer', '--strict'],
    ...['--redact', "its ow'n", '--max-time', '45s', '--only', 'SX-FIN-016'],
  ];
  const first = await ran(['server', ...flags, '--report', `json:${files.path('first.json')}`], TOKENS);

  expect(first.code).toBe(1);

  const report = await reportIn(files.path('first.json'));
  const broken = report.requirements.find(({ verdict }) => verdict === 'fail');
  const command = broken?.repro ?? '';

  expect(command).not.toMatch(/redacted|any-token|invalid-key/);

  for (const kept of ['--strict', '--pace 100', '--max-time', 'scriptix-rest-bearer', 'probe.yaml']) {
    expect(command).toContain(kept);
  }
  // The text report has the same command, on one line.
  expect(/^ +again +(.+)$/m.exec(first.stdout)?.[1]).toBe(command);

  await pasted(command, `--report 'json:${files.path('again.json')}'`);
  expect(brokenIn(await reportIn(files.path('again.json')))).toEqual(brokenIn(report));
});

/** A client that sends audio before the start command, and checks its arguments. */
const HASTY = `
  const [note, url, token] = process.argv.slice(2);
  if (note !== 'says "it\\'s $HOME"; twice  ') throw new Error('other words: ' + note);
  const ws = new WebSocket(url + '?type=fast&token=' + encodeURIComponent(token));
  ws.onopen = () => {
    ws.send(new Uint8Array(320));
    ws.send(JSON.stringify({ action: 'start' }));
  };
  ws.onmessage = ({ data }) => {
    if (JSON.parse(data).state === 'listening') ws.send(JSON.stringify({ action: 'stop' }));
  };
`;

// The same for clients: their command is pasted with everything that a shell would split.
it('the command in a report about a client shows the same finding again, whatever has to be quoted', async () => {
  await using files = await folder();
  const client = files.path("the user's client.mjs");
  await writeFile(
    client,
    `import { WebSocket } from ${JSON.stringify(import.meta.resolve('ws'))};\n${HASTY}`,
  );
  const scenario = files.path("the user's own scenario.yaml");
  await copyFile(join(REPOSITORY, 'scenarios/scriptix/happy-path.yaml'), scenario);
  const secret = 'a-token-of-the-user';
  const flags = [
    ...['--dialect', 'scriptix', '--scenario', scenario, '--scenario', 'warm-model', '--timeout', '90s'],
    ...['--deviation', 'scriptix-rest-bearer', '--strict', '--redact', "its ow'n", '--token', secret],
  ];
  const command = ['--', process.execPath, client, 'says "it\'s $HOME"; twice  ', '{url}', secret];
  const first = await ran(['client', ...flags, '--report', `json:${files.path('first.json')}`, ...command]);

  expect(first.code).toBe(1);

  const report = await reportIn(files.path('first.json'));
  const broken = report.requirements.find(({ id }) => id === 'SX-MIC-003');
  const again = broken?.repro ?? '';

  expect(again).not.toContain(secret);

  for (const kept of [
    '--strict',
    '--timeout 90000ms',
    'scriptix-rest-bearer',
    '--redact',
    '--scenario',
    '{token}',
  ]) {
    expect(again).toContain(kept);
  }
  expect(/^ +again +(.+SX-MIC-003.+)$/m.exec(first.stdout)?.[1]).toBe(again);

  // Our own flags stand before the command of the user.
  const [before, after] = [again.slice(0, again.indexOf(' -- ')), again.slice(again.indexOf(' -- '))];
  await pasted(`${before} --report 'json:${files.path('again.json')}'${after}`, '');
  expect(brokenIn(await reportIn(files.path('again.json')))).toEqual(
    brokenIn(report).filter((each) => (each as { id: string }).id === 'SX-MIC-003'),
  );
});
