import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inDigits } from '../../../../src/generate/numbers.ts';
import type { MockServer } from '../../../../src/mock-server/mock-server.ts';
import type { MockServerOptions } from '../../../../src/mock-server/options.ts';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import { wallNowMs } from '../../../../src/runtime/wall-time.ts';
import { bursts } from '../../../support/audio.ts';
import { connect, type TestClient } from '../../../support/clients/client.ts';
import { isState } from '../../../support/scriptix/rules.ts';
import { dictate, microphoneUrl } from '../../../support/scriptix/scriptix.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'understudy-start-options-'));
  await writeFile(
    join(folder, 'numbers.yaml'),
    'dialect: scriptix\nsummary: says numbers\nserver: [open, { speak: between nine and twelve }, transcribe]\n',
  );
  await writeFile(
    join(folder, 'maintenance.yaml'),
    'dialect: scriptix\nsummary: announces maintenance\nserver: [open, { shutting-down: 1h }, transcribe]\n',
  );
});
afterAll(() => rm(folder, { recursive: true }));

const EXAMPLES: MockServerOptions = { editions: { scriptix: 'examples' } };
const withoutToken = (fake: MockServer) => fake.urls.scriptix.realtime;

/** A whole session that begins with this start command. */
async function life(
  fake: MockServer,
  start: object,
  url = microphoneUrl(fake, { scenario: 'numbers' }),
): Promise<TestClient> {
  const client = connect(url);
  await client.open;
  client.send({ action: 'start', ...start });
  await client.next(isState('listening'), 'listening');
  return dictate(client, bursts(3000));
}

const textsOf = ({ messages }: TestClient, isFinal: boolean) =>
  messages.flatMap(({ json }) => {
    const { text, is_final } = json as { text: string; is_final?: boolean };
    return is_final === isFinal ? [text] : [];
  });

describe('the start option partial', () => {
  it('suppresses partials when it is false, and nothing else', async () => {
    await using fake = await startMockServer({ scenarios: [folder] });
    await using without = await life(fake, { partial: false });
    await using asked = await life(fake, { partial: true });
    await using usual = await life(fake, {});

    expect(textsOf(usual, false).length).toBeGreaterThan(1);
    expect(textsOf(asked, false)).toEqual(textsOf(usual, false));
    expect(textsOf(without, false)).toEqual([]);
    expect(textsOf(without, true)).toEqual(textsOf(usual, true));
  });
});

describe('the start option actual_numbers', () => {
  it('writes numbers as digits, in the text and in the words', async () => {
    await using fake = await startMockServer({ scenarios: [folder] });
    await using usual = await life(fake, { actual_numbers: false });
    await using digits = await life(fake, { actual_numbers: true });

    expect(textsOf(usual, true)[0]).toBe('between nine and twelve');
    expect(textsOf(digits, true)[0]).toBe('between 9 and 12');
    expect(textsOf(digits, false)).toContain('between 9');

    const final = digits.messages.find(({ text }) => text.includes('"words"'));
    expect((final?.json as { words: unknown[][] }).words.map(([word]) => word)).toEqual([
      ' between',
      ' 9',
      ' and',
      ' 12',
    ]);
  });

  it.each([
    ['Nine', 'en', '9'],
    ['twaalf', 'nl-nl', '12'],
    ['zwölf', 'de', '12'],
    ['deux', 'fr', '2'],
    ['ocho', 'es', '8'],
    ['nine', undefined, '9'],
    ['nineteen', 'en', 'nineteen'],
    ['nine', 'nl', 'nine'],
  ])('writes %s in the language %s as %s', (word, language, expected) => {
    expect(inDigits(word, language)).toBe(expected);
  });
});

describe('the start option key', () => {
  it('is a token in the edition examples, for a client without one in its request', async () => {
    await using fake = await startMockServer({ ...EXAMPLES, keys: ['a-good-key'] });
    await using client = await life(fake, { key: 'a-good-key' }, withoutToken(fake));
    expect(textsOf(client, true).length).toBeGreaterThan(0);
  });

  it.each([
    ['an unknown key', { key: 'another-key' }],
    ['missing', {}],
    ['not a text', { key: 7 }],
  ])('ends the session if it is %s', async (_what, start) => {
    await using fake = await startMockServer({ ...EXAMPLES, keys: ['a-good-key'] });
    await using client = connect(withoutToken(fake));
    await client.open;
    client.send({ action: 'start', ...start });

    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(client.messages.map(({ json }) => json)).toEqual([{ error: 'Not authenticated' }]);
  });

  it('has to be valid even if there is a valid token', async () => {
    await using fake = await startMockServer({ ...EXAMPLES, keys: ['a-good-key'] });
    await using client = connect(`${withoutToken(fake)}?token=a-good-key`);
    await client.open;
    client.send({ action: 'start', key: 'another-key' });
    await client.closed;

    expect(client.messages.map(({ json }) => json)).toEqual([{ error: 'Not authenticated' }]);
  });

  it('is ignored in the edition of the documents: a request without a token is refused', async () => {
    await using fake = await startMockServer({ keys: ['a-good-key'] });
    await using client = connect(withoutToken(fake));
    expect(await client.refused).toMatchObject({ status: 401 });

    await using other = await life(fake, { key: 'another-key' }, `${withoutToken(fake)}?token=a-good-key`);
    expect(textsOf(other, true).length).toBeGreaterThan(0);
  });

  it('appears in no log, event or trace', async () => {
    const lines: string[] = [];
    await using fake = await startMockServer({
      ...EXAMPLES,
      onEvent: (event) => lines.push(JSON.stringify(event)),
    });
    const secret = 'q7-not-to-be-seen';
    await using client = connect(withoutToken(fake));
    await client.open;
    client.send({ action: 'start', key: secret });
    await client.next(isState('listening'), 'listening');
    await dictate(client, bursts(1000));
    const session = await fake.nextSession();
    const trace = JSON.stringify(session.trace());

    expect(trace).toContain('\\"action\\":\\"start\\"');
    expect(trace + lines.join('')).not.toContain(secret);

    const shown = await (await fetch(`${fake.urls.control}/sessions/s1/trace`)).text();
    expect(shown).not.toContain(secret);
  });
});

describe('the step shutting-down', () => {
  it('says when, in Unix seconds on the clock of scenarios', async () => {
    await using fake = await startMockServer({ scenarios: [folder], clock: 'manual' });
    const nowSeconds = Math.floor(wallNowMs() / 1000);
    await fake.clock.advance(600_000);
    await using client = connect(microphoneUrl(fake, { scenario: 'maintenance' }));
    await client.open;
    client.send({ action: 'start' });
    const { json } = await client.next(isState('shutting_down'), 'shutting_down');
    const { at } = json as { at: number };

    // The server started up to ten minutes before this test read the time.
    expect(at).toBeGreaterThan(nowSeconds + 3600);
    expect(at).toBeLessThanOrEqual(nowSeconds + 4200);
    expect(Number.isInteger(at)).toBe(true);
  });
});
