import { describe, expect, it } from 'vitest';
import { judgeTrace } from '../../../src/conformance/judge-trace.ts';
import { audioAmount, audioOfAll } from '../../../src/conformance/report/audio-amount.ts';
import { markdownReport } from '../../../src/conformance/report/formats/markdown.ts';
import { textReport } from '../../../src/conformance/report/formats/text.ts';
import { audio, close, events, MICROPHONE, RESON8 } from '../play.ts';

describe('the amount of audio', () => {
  it.each([
    [{ audioMs: 3040 }, '3.0 s'],
    [{ audioMs: 0 }, '0.0 s'],
    [{ audioMs: 0, audioBytes: 96_000 }, '96000 bytes'],
    [{ audioMs: 1500, audioBytes: 640 }, '1.5 s and 640 bytes'],
  ])('of %o is %s', (given, said) => {
    expect(audioAmount(given)).toBe(said);
  });

  it('is added up, separately for audio of unknown length', () => {
    expect(audioOfAll([])).toEqual({ audioMs: 0 });
    expect(
      audioOfAll([{ audioMs: 1000 }, { audioMs: 0, audioBytes: 3 }, { audioMs: 0, audioBytes: 4 }]),
    ).toEqual({ audioMs: 1000, audioBytes: 7 });
  });

  // A client that had sent three seconds of audio in no known format was said to have sent "0.0 s of audio".
  it('is never zero where the format is unknown', () => {
    const { report } = judgeTrace(events([...MICROPHONE.slice(0, -1), audio(100), close('client')]));
    const [session] = report.sessions;

    expect(session).toMatchObject({ audioMs: 0, audioBytes: expect.any(Number) as number });
    expect(session?.audioBytes).toBeGreaterThan(0);
    expect(textReport(report, [])).toContain(`, ${session?.audioBytes} bytes of audio`);
    expect(markdownReport(report, [])).toContain(`| ${session?.audioBytes} bytes |`);
  });

  it('is a length of time where the format is known', () => {
    const { report } = judgeTrace(events([...RESON8, audio(100), close('client')]));

    expect(report.sessions).toEqual([
      expect.not.objectContaining({ audioBytes: expect.anything() as number }),
    ]);
  });
});
