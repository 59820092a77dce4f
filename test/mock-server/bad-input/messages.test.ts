import { describe, expect, it } from 'vitest';
import { bursts } from '../../support/audio.ts';
import { closeFrame, farewell, frame, OPCODE, openRaw } from '../../support/clients/raw.ts';
import { microphoneUrl } from '../../support/scriptix/scriptix.ts';
import { audio, EVERY_LIFE, fake, LIMIT_BYTES, provoke, START, STOP, text, useFake } from './lives.ts';

useFake();

const WORDS = expect.stringMatching(/^\w+.* \S+/) as string;

const UNREADABLE = [
  { what: 'nothing', content: '' },
  { what: 'no JSON', content: 'start' },
  { what: 'broken JSON', content: '{"action":"start"' },
  { what: 'two objects', content: '{"action":"start"}{"type":"flush_request"}' },
  { what: 'an array', content: '[{"type":"flush_request","action":"start"}]' },
  { what: 'null', content: 'null' },
  { what: 'a number', content: '1' },
  { what: 'a string', content: '"start"' },
  { what: 'an empty object', content: '{}' },
  { what: 'an unknown name', content: '{"type":"flush","action":"begin"}' },
  { what: 'a name in capitals', content: '{"type":"FLUSH_REQUEST","action":"START"}' },
  { what: 'a name that is no string', content: '{"type":["flush_request"],"action":["start"]}' },
  { what: 'a name from an object', content: '{"type":"constructor","action":"__proto__"}' },
  {
    what: 'a name that would be inherited',
    content: '{"__proto__":{"type":"flush_request","action":"start"}}',
  },
  { what: 'the name of the other vendor', content: '{"type":"start","action":"flush_request"}' },
  { what: 'audio as text', content: 'UklGRiQAAABXQVZF' },
  { what: 'a tower of brackets', content: '['.repeat(LIMIT_BYTES - 100) },
  { what: 'a long name', content: `{"type":"${'x'.repeat(1500)}","action":"${'x'.repeat(1500)}"}` },
] as const;

describe('a text message of', () => {
  it.each(UNREADABLE)('$what ends a Reson8 session with an error and 1008', async ({ content }) => {
    const { said, code, ended } = await provoke('reson8', text(content), audio(3200));

    expect(said).toHaveLength(1);
    expect(JSON.parse(said[0] ?? '')).toEqual({ type: 'error', code: 'INVALID_REQUEST', message: WORDS });
    expect(said[0]?.length).toBeLessThan(300);
    expect({ code, ended }).toEqual({ code: 1008, ended: 'fin' });
  });

  it.each(UNREADABLE)('$what ends a Scriptix session with an error and 1000', async ({ content }) => {
    for (const life of ['scriptix before start', 'scriptix after start'] as const) {
      const { said, code, ended } = await provoke(life, text(content), audio(3200));

      expect(said).toHaveLength(1);
      expect(JSON.parse(said[0] ?? '')).toEqual({ error: WORDS });
      expect(said[0]?.length).toBeLessThan(300);
      expect({ code, ended }).toEqual({ code: 1000, ended: 'fin' });
    }
  });

  it('any such kind is ignored in stream mode, where only stop has a meaning', async () => {
    const messages = UNREADABLE.map(({ content }) => text(content));

    const { said, code } = await provoke('scriptix stream', ...messages, START, START, audio(640), STOP);

    expect({ said, code }).toEqual({ said: ['{"state":"stopped"}'], code: 1000 });
  });

  it.each(['5', '{}', '[]', 'true'])(
    'a flush with the id %s ends the session and is not confirmed',
    async (id) => {
      const { said, code } = await provoke('reson8', text(`{"type":"flush_request","id":${id}}`));

      expect(said).toHaveLength(1);
      expect(JSON.parse(said[0] ?? '')).toEqual({ type: 'error', code: 'INVALID_REQUEST', message: WORDS });
      expect(code).toBe(1008);
    },
  );

  it.each([
    [
      'a start with other fields',
      '{"action":"start","key":"k","partial":true,"actual_numbers":false,"more":{"action":"stop"}}',
    ],
    ['a start after a byte order mark', '\ufeff{"action":"start"}'],
    ['a start with spaces and an escaped letter', ' \n{ "action" : "\\u0073tart" }\t'],
    ['a start with two actions', '{"action":"begin","action":"start"}'],
    [
      'a start with the names of built-in properties',
      '{"action":"start","__proto__":null,"constructor":1,"toString":2}',
    ],
  ])('%s starts a Scriptix session', async (_what, content) => {
    await using client = await openRaw(microphoneUrl(fake));

    client.write(Buffer.concat([text(content), STOP]));
    const { said, code } = await farewell(client);

    // JSON has no byte order mark, but a parser may ignore one (RFC 8259, section 8.1).
    if (content.startsWith('\ufeff')) expect(said).toHaveLength(1);
    else expect(said).toEqual(['{"state":"loading"}', '{"state":"listening"}', '{"state":"stopped"}']);
    expect(code).toBe(1000);
  });
});

describe('messages out of order', () => {
  it.each([
    { what: 'audio before start', life: 'scriptix before start', bytes: [audio(640), START] },
    { what: 'empty audio before start', life: 'scriptix before start', bytes: [audio(0), START] },
    { what: 'stop before start', life: 'scriptix before start', bytes: [STOP, START] },
    { what: 'a second start', life: 'scriptix after start', bytes: [START, audio(640)] },
    { what: 'a second start after audio', life: 'scriptix after start', bytes: [audio(640), START] },
  ] as const)('$what is an error, and the end', async ({ life, bytes }) => {
    const { said, code, ended } = await provoke(life, ...bytes);

    expect(said.map((message) => JSON.parse(message) as unknown)).toEqual([{ error: WORDS }]);
    expect({ code, ended }).toEqual({ code: 1000, ended: 'fin' });
  });

  it('everything after stop is ignored, even a start', async () => {
    const after = [START, STOP, audio(640), text('nonsense'), text('{"type":"flush_request"}')];

    const { said, code } = await provoke('scriptix after start', STOP, ...after);

    expect({ said, code }).toEqual({ said: ['{"state":"stopped"}'], code: 1000 });
  });

  it('everything after an error is ignored', async () => {
    const flush = text('{"type":"flush_request","id":"late"}');
    const speech = frame(OPCODE.binary, bursts(120));

    const { said, code } = await provoke('reson8', text('nonsense'), speech, flush, speech, flush);

    expect(said).toHaveLength(1);
    expect(code).toBe(1008);
  });

  it.each(EVERY_LIFE)('everything after a Close frame is ignored (%s)', async (life) => {
    const late = [text('{"type":"flush_request","action":"start"}'), text('nonsense'), audio(640)];

    const { said, code, ended } = await provoke(life, closeFrame(1000), ...late);

    expect({ said, code }).toEqual({ said: [], code: 1000 });
    // The server has ended TCP by then, so data that is still on its way may be answered with a RST.
    expect(['fin', 'reset']).toContain(ended);
  });
});
