import { describe, expect, it } from 'vitest';
import { connect } from '../support/clients/client.ts';
import { control } from '../support/clients/control.ts';
import { serve, understudy } from '../support/programs/program.ts';

const TOKEN = 'open-sesame';

describe('the control API of serve', () => {
  it('is at the address in the first line of output', async () => {
    await using fake = await serve();

    expect(fake.urls.control).toBe(`${fake.urls.url}/__understudy`);
    expect((await control(fake, 'GET health')).json).toMatchObject({ ok: true });

    await using program = understudy(['serve', '--port', '0']);
    await program.said(/Control API {10}http:\/\/127\.0\.0\.1:\d+\/__understudy/);
  });

  it('moves time with --clock manual', async () => {
    await using fake = await serve('--clock', 'manual');
    await using client = connect(`${fake.urls.scriptix.realtime}?token=any`);
    await client.open;

    expect((await control(fake, 'POST clock/advance', { ms: 15_000 })).status).toBe(200);
    expect((await client.next()).text).toContain('15 seconds');
  });

  it('remembers as much as --journal-max says', async () => {
    await using fake = await serve('--journal-max', '2,64KiB');
    for (let i = 0; i < 3; i++) {
      const client = connect(`${fake.urls.scriptix.realtime}?token=any`);
      await client.open;
      client.close();
      await client.closed;
    }
    const { sessions } = (await control(fake, 'GET sessions')).json as { sessions: { id: string }[] };

    expect(sessions.map(({ id }) => id)).toEqual(['s2', 's3']);
  });

  it.each<[where: string, flags: readonly string[]]>([
    ['of --control-token', ['--control-token', TOKEN]],
    ['of the environment', []],
  ])('needs the token %s', async (_where, flags) => {
    const env = flags.length > 0 ? process.env : { ...process.env, UNDERSTUDY_CONTROL_TOKEN: TOKEN };
    await using program = understudy(['serve', '--port', '0', '--json', ...flags], env);
    const urls = JSON.parse(await program.line()) as { control: string };
    const metrics = (headers: Record<string, string>) => fetch(`${urls.control}/metrics`, { headers });

    expect((await metrics({})).status).toBe(401);
    expect((await metrics({ authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect(program.stdout + program.stderr).not.toContain(TOKEN);
  });

  it('is off where other machines could reach it, and serve says so', async () => {
    await using program = understudy(['serve', '--port', '0', '--host', '0.0.0.0', '--json']);
    await program.said(/The control API is off on 0\.0\.0\.0: --control-token turns it on/);
    await using plain = understudy(['serve', '--port', '0', '--host', '0.0.0.0']);
    await plain.said(/Ctrl-C stops it/);
    await using open = understudy(['serve', '--port', '0', '--host', '0.0.0.0', '--control-token', TOKEN]);
    await open.said(/Ctrl-C stops it/);

    expect(plain.stdout).not.toContain('__understudy');
    expect(open.stderr).not.toContain('off');
  });

  it.each([
    ['--journal-max many', ['--journal-max', 'many'], '--journal-max'],
    ['--journal-max 1,2,3', ['--journal-max', '1,2,3'], '--journal-max'],
    ['--journal-max 10,1KiB', ['--journal-max', '10,1KiB'], '--journal-max'],
    ['--journal-max 10,lots', ['--journal-max', '10,lots'], '--journal-max'],
    ['--clock slow', ['--clock', 'slow'], '--clock'],
    ['--control-token short', ['--control-token', 'short'], '--control-token'],
    ['--control-token ""', ['--control-token', ''], '--control-token'],
  ])('is not started with %s, and one line names the flag', async (_what, flags, name) => {
    await using program = understudy(['serve', '--port', '0', ...flags]);
    expect(await program.exit).toEqual({ code: 2, signal: null });
    expect(program.stderr).toMatch(new RegExp(`^${name}[^\\n]*expected [^\\n]*\\n$`));
  });
});
