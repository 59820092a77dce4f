import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagramOf } from '../../../../src/conformance/report/drawing/diagram.ts';
import { startOf, widthOf } from '../../../../src/runtime/text/wrapped.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import {
  audio,
  close,
  context,
  events,
  heard,
  MICROPHONE,
  request,
  response,
  said,
  SPEECH,
} from '../../play.ts';
import { HOSTILE, hostile, hostileSample, hostileText } from '../hostile.ts';
import { DICTATION } from '../sample.ts';

const draw = (facts: readonly TraceFact[], marks: Parameters<typeof diagramOf>[1] = []) =>
  diagramOf(events(facts), marks).split('\n');
const binary = (byteCount: number, frameCount?: number): TraceFact => ({
  kind: 'binary',
  from: 'client',
  byteCount,
  ...(frameCount === undefined ? {} : { frameCount }),
});

describe('a sequence diagram in text', () => {
  it('has the client left, the server right, and a line for each message', () => {
    const facts = [
      ...MICROPHONE.slice(0, 4),
      heard({ text: 'hi', is_final: false, offset_ms: 0, stability: 0.5 }),
      heard({ text: 'hi', is_final: true, offset_ms: 0, words: [] }),
      heard({ error: 'gone' }),
      heard('no JSON'),
      said('{"hello":1}'),
      { kind: 'ping', from: 'server', base64: '' },
      close('client'),
      close('server', 1001, 'going away'),
      { kind: 'end', how: 'fin', code: 1000, by: 'server' },
    ] as const;
    expect(draw(facts)).toEqual([
      'client                                      server',
      '  |-- GET /v2/realtime?token=redacted-1&typ… ->|',
      '  |<- HTTP 101 --------------------------------|',
      '  |-- start ---------------------------------->|',
      '  |<- state "listening" -----------------------|',
      '  |<- partial at 0 ms "hi" --------------------|',
      '  |<- final at 0 ms "hi" ----------------------|',
      '  |<- error "gone" ----------------------------|',
      '  |<- no JSON ---------------------------------|',
      '  |-- {"hello":1} ---------------------------->|',
      '  |<- ping ------------------------------------|',
      '  |-- Close 1000 ----------------------------->|',
      '  |<- Close 1001 going away -------------------|',
      '  |====== end: fin, 1000, by the server =======|',
    ]);
  });

  it('marks events, and gives the reason below them', () => {
    const facts = [...MICROPHONE.slice(0, 3), heard({ state: 'listening' })];
    expect(
      draw(facts, [{ index: 2 }, { index: 3, note: 'it should have been loading before that' }]),
    ).toEqual([
      'client                                      server',
      '  |-- GET /v2/realtime?token=redacted-1&typ… ->|',
      '  |<- HTTP 101 --------------------------------|',
      '  |-- start ---------------------------------->|  <-- here',
      '  |<- state "listening" -----------------------|  <-- here',
      '  |   it should have been loading before that  |',
    ]);
  });

  it.each([
    [[audio(100), audio(100), audio(100)], 'audio 3 x 100 ms = 300 ms of speech'],
    [Array.from({ length: 12 }, () => audio(100)), 'audio 12 x 100 ms = 1.2 s of speech'],
    [[audio(100), audio(50)], 'audio 2 messages, 150 ms of speech'],
    [[binary(32_000, 10)], 'audio 10 x 100 ms = 1 s of speech'],
    [[audio(2000)], 'audio 2 s of speech'],
  ])('has consecutive audio in one line', (facts, label) => {
    const lines = draw([request('/v2/realtime'), response(101), SPEECH, ...facts]);
    expect(lines).toHaveLength(4);
    expect(lines[3]).toContain(`-- ${label} -`);
  });

  it('counts bytes of unknown length, and distinguishes silence from speech', () => {
    expect(draw([request('/v2/realtime'), binary(640), binary(640)]).at(-1)).toContain(
      'audio 2 x 640 bytes = 1280 bytes -',
    );

    const silence = context({ audio: { bytesPerMs: 32, content: 'silence' } });
    expect(draw([SPEECH, audio(100), silence, audio(100)]).slice(1)).toEqual([
      '  |-- audio 100 ms of speech ----------------->|',
      '  |-- audio 100 ms of silence ---------------->|',
    ]);
  });

  it('marks the line of consecutive audio that contains a marked event', () => {
    const lines = draw([SPEECH, audio(100), audio(100), audio(100)], [{ index: 2 }]);
    expect(lines).toEqual([
      'client                                      server',
      '  |-- audio 3 x 100 ms = 300 ms of speech ---->|  <-- here',
    ]);
  });

  it('draws only the requested sessions, each with its name', () => {
    const [first, second] = [diagramOf(DICTATION.events, [{ index: 0 }]), diagramOf(DICTATION.events)];

    expect(first).toMatch(/^s1 \(scriptix\)\nclient/);
    expect(first).not.toContain('s2');
    expect(second).toMatch(/^s1 \(scriptix\)[^]*\n\ns2 \(scriptix\)\n/);
  });

  it('leaves lines out of long sessions, but not those that are marked', () => {
    const many = Array.from({ length: 500 }, (_, i) => heard({ state: `${i}` }));
    const lines = draw(many, [{ index: 250 }]);
    expect(lines.length).toBeLessThan(70);
    expect(lines.filter((line) => line.includes('<-- here'))).toEqual([
      '  |<- state "250" -----------------------------|  <-- here',
    ]);

    const left = lines.flatMap((line) => /… (\d+) lines left out/.exec(line)?.[1] ?? []).map(Number);
    // The lines that are shown and those left out add up.
    expect(left).toHaveLength(2);
    expect(left.reduce((sum, count) => sum + count, 0) + lines.length - 1 - left.length).toBe(500);
  });

  it('stays within 80 columns and in its lanes, whatever was sent', () => {
    const fits = (text: string) => {
      for (const line of text.split('\n')) {
        expect(widthOf(line)).toBeLessThanOrEqual(80);
        expect(line).not.toMatch(/\p{Cc}|\p{Cs}|\p{Zl}|\p{Zp}/u);
        if (line.startsWith('  |')) expect(line.slice(startOf(line, 47).length)).toMatch(/^\|/);
      }
    };
    fc.assert(
      fc.property(hostileSample, hostileText, ({ plays }, note) => {
        for (const { events: given } of plays) {
          fits(
            diagramOf(
              given.map((event) => ({ ...event, session: 's1' })),
              [{ index: 3, note }],
            ),
          );
        }
      }),
      { numRuns: 30 },
    );
    for (const text of HOSTILE) fits(diagramOf(hostile(() => text).plays[0]?.events ?? []));
  });
});
