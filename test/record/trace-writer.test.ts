import { describe, expect, it } from 'vitest';
import { newTraceWriter } from '../../src/record/trace-writer.ts';
import { manualClock } from '../../src/runtime/clock.ts';
import { newRedactor, type Redactor } from '../../src/wire/redact/redact.ts';
import { LONGEST_LINE, MOST_EVENTS, readTrace } from '../../src/wire/trace-file.ts';
import type { TraceEvent, TraceFact } from '../../src/wire/trace.ts';
import { HEADER } from './recorder.ts';

function collecting(redactor: Redactor) {
  const clock = manualClock();
  const lines: string[] = [];
  return { clock, lines, writer: newTraceWriter(HEADER, clock, redactor, (line) => void lines.push(line)) };
}

describe('a trace writer', () => {
  it('writes the header at once and every event when it happens, with its time to a tenth', async () => {
    const { clock, lines, writer } = collecting(newRedactor());
    expect(readTrace(lines.join(''))).toEqual({ header: HEADER, events: [], faults: [] });

    await clock.advance(12.345);
    writer.add('s1', { kind: 'text', from: 'client', text: 'x' });
    expect(lines).toHaveLength(2);
    expect(readTrace(lines.join('')).events).toEqual([
      { session: 's1', atMs: 12.3, kind: 'text', from: 'client', text: 'x' },
    ]);
  });

  it('gives back what it has written', () => {
    const { writer } = collecting(newRedactor());
    const fact: TraceFact = { kind: 'request', method: 'GET', target: '/x?token=s3cret-1', headers: {} };
    expect(writer.add('s1', fact)).toMatchObject({ target: '/x?token=redacted-1' });
  });

  it('refuses every line in which a redactor has left a secret', () => {
    const redactor = newRedactor();
    redactor.learn('s3cret-1');
    // One that does not redact at all.
    const careless: Redactor = { ...redactor, fact: (fact) => fact, request: (fact) => fact };
    const { lines, writer } = collecting(careless);
    const base64 = Buffer.from('\xff s3cret-1').toString('base64');
    const leaking: readonly TraceFact[] = [
      { kind: 'request', method: 'GET', target: '/s3cret-1', headers: {} },
      { kind: 'request', method: 'GET', target: '/', headers: { a: 's3cret-1' } },
      { kind: 'request', method: 'GET', target: '/', headers: { 's3cret-1': 'a' } },
      { kind: 'response', status: 200, headers: {}, body: 's3cret%2D1' },
      { kind: 'text', from: 'server', text: 's3cret-1' },
      { kind: 'binary', from: 'client', byteCount: 10, sha256: '0123456789abcdef', base64 },
      { kind: 'ping', from: 'client', base64 },
      { kind: 'bytes', from: 'server', base64 },
      { kind: 'close', from: 'server', code: 1000, reason: 's3cret-1' },
      { kind: 'fault', from: 'server', message: 's3cret-1' },
    ];
    for (const fact of leaking) writer.add('s1', fact);
    const { events } = readTrace(lines.join(''));

    expect(events.map((event) => (event.kind === 'note' ? event.message : event.kind))).toEqual(
      leaking.map(
        ({ kind }) => `(recorder) ${kind}: left out, because a secret could not be removed from it`,
      ),
    );
    expect(lines.join('')).not.toContain('s3cret');
  });

  it('writes the format intact when a key is one of its words', () => {
    const redactor = newRedactor();
    for (const word of ['text', 'kind', 'client', 'session']) redactor.learn(word);
    const { lines, writer } = collecting(redactor);
    writer.add('s1', { kind: 'text', from: 'client', text: 'a text' });

    expect(readTrace(lines.join('')).events).toEqual([
      { session: 's1', atMs: 0, kind: 'text', from: 'client', text: 'a redacted-1' },
    ]);
  });

  it('writes a note in place of what is too long for a line', () => {
    const { lines, writer } = collecting(newRedactor());
    writer.add('s1', { kind: 'text', from: 'server', text: 'x'.repeat(LONGEST_LINE) });

    expect(readTrace(lines.join('')).events).toMatchObject([
      {
        kind: 'note',
        message: '(recorder) text: left out, because it is too long for a trace',
        dropped: 1,
      },
    ]);
  });

  // Only the session that met the limit used to say so, and the others looked silent.
  it('notes once, in every open session, that the trace is full', () => {
    const lines: string[] = [];
    const writer = newTraceWriter(HEADER, manualClock(), newRedactor(), (line) => {
      lines.push(line);
    });
    const pong = { kind: 'pong', from: 'client', base64: '' } as const;
    writer.add('over', { kind: 'end', how: 'fin', code: 1006 });
    writer.add('answered', { kind: 'response', status: 200, headers: {} });
    writer.add('quiet', pong);
    const written = Array.from({ length: MOST_EVENTS + 5 }, () => writer.add('busy', pong));

    expect(lines).toHaveLength(MOST_EVENTS + 1);
    expect(writer.eventCount).toBe(MOST_EVENTS);
    // `record` prints notes when they are returned.
    expect(written.filter(({ kind }) => kind === 'note')).toHaveLength(1);

    const last = lines.slice(-2).map((line) => JSON.parse(line) as TraceEvent);
    expect(last).toMatchObject(
      ['quiet', 'busy'].map((session) => ({
        session,
        kind: 'note',
        message: '(recorder) the trace is full; what follows is not recorded',
        dropped: 1,
      })),
    );
  });
});
