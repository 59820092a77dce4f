import { describe, expect, it } from 'vitest';
import { RAW_DEFAULT } from '../../../src/audio/format.ts';
import { pcmEar, sniffingEar } from '../../../src/audio/ear.ts';
import { hear } from '../../../src/audio/hear.ts';
import { furtherEar, Levels, type Level } from '../../../src/mock-server/session/levels.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { fixture, silence } from '../../support/audio.ts';
import { control, lines } from '../../support/clients/control.ts';
import { microphone } from '../../support/scriptix/scriptix.ts';

const speech = fixture('en-appointment.wav').pcm;

/** What is reported about audio that arrives in pieces of this size. */
function toldOf(pcm: Uint8Array, pieceBytes: number): readonly Level[] {
  const told: Level[] = [];
  const levels = new Levels(pcmEar(RAW_DEFAULT), () => 0);
  levels.add((level) => told.push(level));
  for (let at = 0; at < pcm.length; at += pieceBytes)
    levels.input({ kind: 'audio', bytes: pcm.subarray(at, at + pieceBytes) });
  return told;
}

const decibelsOf = (levels: readonly Level[]) => levels.flatMap(({ decibels }) => decibels);

describe('the levels of audio', () => {
  it('are given for each 20 ms, however the audio is cut into messages', () => {
    const pcm = speech.subarray(0, 64_000);
    const whole = toldOf(pcm, pcm.length);

    expect(decibelsOf(whole)).toHaveLength(100);
    for (const pieceBytes of [1, 641, 3200])
      expect(decibelsOf(toldOf(pcm, pieceBytes))).toEqual(decibelsOf(whole));
    for (const level of toldOf(pcm, 641)) expect(level.fromMs % 20).toBe(0);
  });

  it('say where speech is, from its onset on', () => {
    const spans = toldOf(speech.subarray(0, 64_000), 3200).flatMap((level) => level.speech);

    // The recording begins with 300 ms of silence.
    expect(spans[0]?.[0]).toBe(300);
    for (const [fromMs, toMs] of spans) expect(toMs).toBeGreaterThan(fromMs);
    expect(toldOf(silence(2000), 3200).flatMap((level) => level.speech)).toEqual([]);
    expect(decibelsOf(toldOf(silence(100), 3200))).toEqual([-100, -100, -100, -100, -100]);
  });

  it('continue at the position of the audio, however much of it the script has heard', () => {
    const { ear } = hear(pcmEar(RAW_DEFAULT), silence(100).subarray(0, 3199), 0);

    expect(furtherEar(ear, 80)).toMatchObject({
      positionMs: 80,
      state: { rest: ear.state.kind === 'pcm' && ear.state.rest },
    });
    expect(furtherEar(ear, 500)).toMatchObject({
      positionMs: 500,
      state: { rest: new Uint8Array(0), baseMs: 500 },
    });
    expect(furtherEar(sniffingEar(RAW_DEFAULT), 500).state.kind).toBe('sniffing');
  });
});

/** The lines of an answer that does not end, as they come. */
async function* linesOf(url: string): AsyncGenerator<Record<string, unknown>> {
  const leaving = new AbortController();
  const { body } = await fetch(url, { signal: leaving.signal });
  let rest = '';
  try {
    for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const parts = (rest + piece).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) yield JSON.parse(part) as Record<string, unknown>;
    }
  } finally {
    leaving.abort();
  }
}

describe('a trace with levels', () => {
  it('has them as the audio comes, after the message they belong to', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    await client.sendAudio(silence(500));
    const told: Record<string, unknown>[] = [];
    for await (const line of linesOf(`${fake.urls.control}/sessions/s1/trace?follow=1&audio=levels`)) {
      told.push(line);
      // Levels begin with the first line that is read.
      if (told.length === 1) await client.sendAudio(speech.subarray(0, 32_000));
      if ((line['speech'] as readonly unknown[] | undefined)?.length) break;
    }
    const levels = told.filter(({ kind }) => kind === 'levels') as unknown as readonly Level[];

    // Audio from before that has no levels.
    expect(levels[0]?.fromMs).toBe(500);
    let at = 500;
    for (const { fromMs, decibels } of levels) {
      expect(fromMs).toBe(at);
      at += decibels.length * 20;
    }
    expect(told.findIndex(({ kind }) => kind === 'binary')).toBeLessThan(
      told.findIndex(({ kind }) => kind === 'levels'),
    );

    // The trace itself has no levels.
    expect(JSON.stringify(fake.session('s1')?.trace())).not.toContain('levels');
  });

  it('has none unless they are requested', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    await client.sendAudio(silence(200));
    client.close();
    await fake.session('s1')?.received('close');

    expect((await control(fake, 'GET sessions/s1/trace?follow=1')).text).not.toContain('levels');
    expect((await control(fake, 'GET sessions/s1/trace?follow=1&audio=power')).status).toBe(400);
  });
});

describe('part of a trace', () => {
  it('has the requested events', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    const session = fake.session('s1');
    for (let i = 0; i < 50; i++) session?.send(`message ${i}`);
    client.close();
    await session?.received('close');
    const all = session?.trace() ?? [];
    const part = async (query: string) =>
      lines((await control(fake, `GET sessions/s1/trace?${query}`)).text).slice(1);

    expect(await part('from=10&count=5')).toEqual(all.slice(10, 15));
    expect(await part('from=40')).toEqual(all.slice(40));
    expect(await part(`from=${all.length + 10}&count=3`)).toEqual([]);
    expect((await control(fake, 'GET sessions/s1/trace?from=-1')).status).toBe(400);
  });
});
