import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/index.ts';
import { UsageMeter } from '../../../src/mock-server/journal/usage.ts';
import { messageOf } from '../../../src/runtime/errors.ts';
import { StandIns } from '../../../src/wire/redact/stand-ins.ts';
import { silence, wav } from '../../support/audio.ts';
import { ask } from '../../support/clients/ask.ts';
import { serve, understudy } from '../../support/programs/program.ts';
import { dial, KEY, recognise } from '../../support/reson8.ts';
import { transcribe } from '../../support/scriptix/scriptix.ts';

describe('the usage report', () => {
  it('has audio and cost by service, token and scenario, and shows no token', async () => {
    await using fake = await startMockServer({ pricePerMinute: { scriptix: 0.6, reson8: 6 } });
    expect(fake.usage()).toEqual({
      total: { sessions: 0, audioSeconds: 0, cost: 0 },
      services: {},
      entries: [],
    });

    await transcribe(fake, silence(2000), { query: { token: 'token-of-one' } });
    await transcribe(fake, silence(1000), { query: { token: 'token-of-one' } });
    await transcribe(fake, silence(1000), { query: { token: 'token-of-one', scenario: 'happy-path' } });
    await recognise(fake.urls.reson8.realtime, '', silence(3000));
    await ask(fake.urls.reson8.prerecorded, { method: 'POST', headers: KEY, body: wav(silence(500)) });
    // A connection without audio costs nothing.
    await using idle = dial(fake.urls.reson8.realtime);
    await idle.open;

    const usage = fake.usage();
    expect(usage.total).toEqual({ sessions: 5, audioSeconds: 7.5, cost: 0.39 });
    expect(usage.services).toEqual({
      scriptix: { sessions: 3, audioSeconds: 4, cost: 0.04 },
      reson8: { sessions: 2, audioSeconds: 3.5, cost: 0.35 },
    });
    expect(usage.entries).toEqual([
      {
        service: 'scriptix',
        token: expect.stringMatching(/^redacted-\d+$/) as string,
        sessions: 2,
        audioSeconds: 3,
        cost: 0.03,
      },
      {
        service: 'scriptix',
        token: usage.entries[0]?.token,
        scenario: 'happy-path',
        ...{ sessions: 1, audioSeconds: 1, cost: 0.01 },
      },
      {
        service: 'reson8',
        token: expect.stringMatching(/^redacted-\d+$/) as string,
        sessions: 2,
        audioSeconds: 3.5,
        cost: 0.35,
      },
    ]);
    expect(JSON.stringify(usage)).not.toMatch(/token-of-one|some-key/);

    const path = `${fake.urls.control}/usage`;
    expect((await ask(path)).json).toEqual(usage);
    expect((await ask(`${path}?token=token-of-one`)).json).toMatchObject({
      total: { sessions: 3, audioSeconds: 4 },
    });
    expect((await ask(`${path}?token=a&token=b`)).status).toBe(400);
    expect(fake.usage('nobody').entries).toEqual([]);

    await fake.reset({ usage: true });
    expect(fake.usage().total.sessions).toBe(0);
  });

  it('includes open connections', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    await client.sendAudio(silence(400));
    const session = await fake.nextSession();
    await session.received('audio');
    await client.settled();

    expect(fake.usage().total).toEqual({ sessions: 1, audioSeconds: session.audioMs / 1000 });
  });

  it('has a limited number of tokens, and adds up the others', () => {
    const meter = new UsageMeter();
    for (let i = 0; i < 1100; i += 1)
      meter.add({ service: 'reson8', token: `t${i}`, scenario: undefined, audioMs: 1000 });
    const { total, entries } = meter.usage([], {}, new StandIns());

    expect(total).toEqual({ sessions: 1100, audioSeconds: 1100 });
    expect(entries).toHaveLength(1001);
    expect(entries.at(-1)).toEqual({ service: 'reson8', token: 'others', sessions: 100, audioSeconds: 100 });
  });

  it('has no cost for a service without a price', () => {
    const meter = new UsageMeter();
    meter.add({ service: 'reson8', token: undefined, scenario: undefined, audioMs: 60_000 });
    meter.add({ service: 'scriptix', token: undefined, scenario: undefined, audioMs: 60_000 });
    const { total, services, entries } = meter.usage([], { reson8: 0.5 }, new StandIns());

    expect(total).toEqual({ sessions: 2, audioSeconds: 120 });
    expect(services.reson8?.cost).toBe(0.5);
    expect(services.scriptix).not.toHaveProperty('cost');
    expect(entries[0]?.token).toBe('none');
  });

  it.each([
    ['a negative price', -1],
    ['a price that is not a number', NaN],
    ['a price beyond the limit', 1e9],
    ['a price of an unknown service', { other: 1 }],
  ])('cannot be made with %s', async (_what, price) => {
    const refused = await startMockServer({ pricePerMinute: price as number }).catch(messageOf);
    expect(refused).toContain('pricePerMinute: expected scriptix or reson8 with 0 to 1000000');
  });

  it('is printed at the end of serve', async () => {
    await using fake = await serve('--price-per-minute', '0.6', '--price-per-minute', 'reson8=6');
    await recognise(fake.urls.reson8.realtime, '', silence(2000));
    fake.program.signal('SIGTERM');
    await fake.program.exit;
    expect(fake.program.stdout).toContain(
      '{"event":"usage","total":{"sessions":1,"audioSeconds":2,"cost":0.2}',
    );

    await using shown = understudy(['serve', '--port', '0', '--price-per-minute', 'reson8=6']);
    await shown.said(/listens on \S+/);
    const [, url = ''] = /listens on (\S+)/.exec(shown.stdout) ?? [];
    await recognise(`${url.replace('http', 'ws')}/v1/speech-to-text/realtime`, '', silence(2000));
    shown.signal('SIGTERM');
    await shown.exit;
    expect(shown.stderr).toContain('Heard 2.0 s for 0.2: reson8 2.0 s for 0.2\n');
  });
});
