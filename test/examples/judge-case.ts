import { expect } from 'vitest';
import type { Case } from './cases.ts';
import { codesOf, errorsOf, textsOf } from './client-run.ts';
import { TOKEN, type Played } from './play-cases.ts';

/** Slack for the clock of the fake, which may see the first frames late and the last ones in time. */
const SLACK_MS = 200;
/** Bytes per millisecond of the recordings. */
const BYTES_PER_MS = 32;

/** Checks what a case expects, and what holds for all cases. */
export function judge(one: Case, played: Played): void {
  const { run, attempts } = played;
  const shown = `${run.stderr}\n${JSON.stringify(run.reports)}`;
  expect({ exit: run.code, errors: one.errors && errorsOf(run) }, shown).toEqual({
    exit: one.exit,
    errors: one.errors,
  });
  const finals = textsOf(run, 'final');
  if (one.finals !== undefined)
    expect(typeof one.finals === 'number' ? finals.length : finals, shown).toEqual(one.finals);
  if (one.codes !== undefined) expect(codesOf(run), shown).toEqual(one.codes);
  if (one.states !== undefined) {
    expect(
      run.reports.flatMap((report) => (report.event === 'state' ? report.state : [])),
      shown,
    ).toEqual(one.states);
  }
  if (one.attempts !== undefined) {
    const [low, high] = typeof one.attempts === 'number' ? [one.attempts, one.attempts] : one.attempts;
    expect(attempts.length, shown).toBeGreaterThanOrEqual(low);
    expect(attempts.length, shown).toBeLessThanOrEqual(high);
  }
  if (one.closedWith !== undefined)
    expect(
      attempts.map(({ closeCode }) => closeCode),
      shown,
    ).toEqual(one.closedWith);

  // A client fails if and only if it reports an error.
  expect(run.code === 0 || errorsOf(run).length > 0).toBe(true);
  expect(finals.join('\n')).toBe(run.stdout.trimEnd());
  expect(run.stdout + shown).not.toContain(TOKEN);
  if (one.program === 'scriptix-stream') judgeStream(one, played);
  else judgeAudio(played);
  if (one.program === 'scriptix') judgeMicrophone(one, played);
  if (one.program === 'reson8') judgeReson8(one, played);
  if (one.program === 'reson8-turns') judgeTurns(played);
  judgeDisplay(one, played);
}

/** Audio is never sent at more than twice the speed of speech, however much a client has to catch up. */
function judgeAudio({ attempts }: Played): void {
  for (const { audioBytes, lastedMs } of attempts) {
    expect(audioBytes / BYTES_PER_MS).toBeLessThanOrEqual(2 * lastedMs + SLACK_MS);
  }
}

function judgeMicrophone(one: Case, { attempts, calls }: Played): void {
  for (const { target, headers, sent } of attempts) {
    expect(target.pathname).toBe('/v2/realtime');
    expect(Object.fromEntries(target.searchParams)).toEqual({ type: 'fast', language: 'en' });
    expect(headers).toHaveProperty('x-zoom-s2t-key');
    // Start comes first and once, followed only by audio.
    expect([[], [{ action: 'start' }], [{ action: 'start' }, 'audio']]).toContainEqual(sent);
  }
  if (one.api === true) {
    expect(['GET status', 'POST initialize']).toEqual(expect.arrayContaining(calls.slice(0, 2)));
    expect(calls[0]).toBe('GET status');
  } else expect(calls).toEqual([]);
}

function judgeStream(one: Case, { attempts, fetched }: Played): void {
  // The URL arrives unchanged, whatever its characters.
  const asked = one.streamPath ?? '/en-appointment.mp3';
  expect(fetched.filter((target) => target !== asked)).toEqual([]);
  expect(fetched.length > 0 || one.exit === 1).toBe(true);
  for (const { target, headers, sent } of attempts) {
    expect(target.pathname).toMatch(/^\/v2\/client\/[^/]+$/);
    expect([...target.searchParams.keys()].sort()).toEqual(['language', 'type', 'url']);
    for (const name of ['x-zoom-s2t-key', 'x-api-key', 'api-key']) expect(headers).not.toHaveProperty(name);
    expect(sent).toEqual([]);
  }
}

function judgeReson8(one: Case, { run, attempts }: Played): void {
  const used = one.args?.includes('subprotocol') === true ? 'sec-websocket-protocol' : 'authorization';
  for (const { target, headers, sent, said } of attempts) {
    expect(target.pathname).toBe('/v1/speech-to-text/realtime');
    expect(Object.fromEntries(target.searchParams)).toEqual({
      encoding: 'pcm_s16le',
      sample_rate: '16000',
      channels: '1',
      include_interim: 'true',
      include_timestamps: 'true',
    });
    const forms = ['authorization', 'sec-websocket-protocol'].filter((name) => name in headers);
    expect(forms).toEqual([used]);
    const flushes = sent.filter((message) => message !== 'audio') as { type: string; id: string }[];
    for (const flush of flushes)
      expect(flush).toEqual({ type: 'flush_request', id: expect.any(String) as string });
    expect(new Set(flushes.map(({ id }) => id)).size).toBe(flushes.length);
    if (run.code !== 0 || said.length === 0) continue;
    if (one.audio === 'en-appointment') expect(flushes.length).toBeGreaterThan(1);
  }
}

/** A client of turns sends audio, and at the end one flush without an id. */
function judgeTurns({ attempts }: Played): void {
  for (const { target, sent } of attempts) {
    expect(target.pathname).toBe('/v1/speech-to-text/turns');
    expect([[], ['audio'], ['audio', { type: 'flush_request' }]]).toContainEqual(sent);
  }
}

/** The user has seen each partial, one replacing the other. */
function judgeDisplay({ scenario, program }: Case, { run, attempts }: Played): void {
  // A partial after its final is not shown, and everything after an error is ignored.
  if (scenario === 'partial-after-final' || scenario === 'results-after-error') return;
  const partials = attempts.flatMap(({ said }) =>
    said.flatMap(({ text, is_final, type }) => {
      return typeof text === 'string' && (is_final === false || type === 'turn_end_candidate') ? text : [];
    }),
  );
  const shown = run.reports.flatMap((report) => (report.event === 'display' ? report.text : []));
  expect(shown.filter((text) => text !== '')).toEqual(partials.filter((text) => text !== ''));
  // A line that is not final when its connection drops is removed.
  const dropped = run.reports.findIndex(
    (report, i) => report.event === 'error' && report.kind === 'closed' && i < run.reports.length - 1,
  );
  if (dropped < 0 || program === 'scriptix-stream') return;
  const before = run.reports
    .slice(0, dropped)
    .findLast(({ event }) => event === 'display' || event === 'final');
  if (before?.event === 'display') expect(run.reports[dropped + 1]).toEqual({ event: 'display', text: '' });
}
