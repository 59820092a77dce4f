import type { Vendor } from '../../protocol/dialects.ts';
import { readFileSync } from 'node:fs';
import { toPcm16, readWav } from '../../audio/wav.ts';
import { EXIT_CODES, type Report } from '../../conformance/report/report.ts';
import { runConformance } from '../../conformance/run-server.ts';
import { startMockServer } from '../../mock-server/server.ts';
import { realClock } from '../../runtime/clock.ts';
import { AUDIO_FIXTURES } from '../../scenario/speech/fixtures.ts';
import { converse, type Shown } from './client.ts';
import { columnsOf } from '../../runtime/text/screen.ts';
import { endOf, widthOf } from '../../runtime/text/wrapped.ts';
import { paint, print } from '../terminal.ts';

const RECORDING = 'en-appointment.wav';

/** How many times faster than it was spoken the recording is played. */
const PACE = 2;

/** Streams a recording to both fakes over real sockets and shows the results. */
export async function demo(): Promise<void> {
  const wav = readWav(readFileSync(new URL(RECORDING, AUDIO_FIXTURES)), RECORDING);
  const audio = toPcm16(wav.channels[0] ?? new Float32Array(0));
  const clock = realClock(PACE);
  await using fake = await startMockServer();
  const { scriptix, reson8 } = fake.urls;
  print(
    `A recording of ${(wav.durationMs / 1000).toFixed(1)} s goes over a real WebSocket, at ${PACE} times the pace of speech.`,
  );

  heading('Scriptix', scriptix.realtime);
  const first = await converse(
    {
      url: `${scriptix.realtime}?token=demo&language=en&type=fast`,
      begin: '{"action":"start"}',
      end: '{"action":"stop"}',
      read: readScriptix,
      isLast: (message) => message['state'] === 'stopped',
    },
    audio,
    clock,
    show,
  );
  heading('Reson8', reson8.realtime);
  const second = await converse(
    {
      url: `${reson8.realtime}?include_interim=true&include_timestamps=true`,
      headers: { authorization: 'ApiKey demo' },
      end: '{"type":"flush_request","id":"end"}',
      read: readReson8,
      isLast: (message) => message['type'] === 'flush_confirmation',
    },
    audio,
    clock,
    show,
  );
  print('');
  for (const [name, { partials, finals }] of Object.entries({ Scriptix: first, Reson8: second })) {
    print(`${name.padEnd(9)}${partials} partials, ${finals} finals`);
  }
  print(
    `\n${paint('bold', 'Conformance')}  ${paint('dim', 'a fake of each service is judged, with generated sessions, too: less than a minute')}`,
  );
  const judged = await Promise.all([judge('scriptix'), judge('reson8')]);
  for (const { subject, summary, sessions, outcome } of judged) {
    const { pass, fail, warn, notExercised, notApplicable } = summary;
    print(
      `${subject.dialect.padEnd(9)}${pass} passed, ${fail} failed, ${warn} warnings, ${notExercised} not exercised, ${notApplicable} not applicable, in ${sessions.length} connections and calls: ${outcome}`,
    );
    if (outcome !== 'conforming') process.exitCode = EXIT_CODES[outcome];
  }
}

/** Runs the conformance runner against a fake that was just started. */
async function judge(dialect: Vendor): Promise<Report> {
  // A service that has to be started first shows more of its REST API.
  await using fake = await startMockServer({ service: { status: 'scaled_down', startMs: 200 } });
  const { report } = await runConformance({
    dialect,
    url: fake.urls.url.replace('http', 'ws'),
    credentials: { valid: 'demo', user: 'user-key', invalid: 'invalid-key' },
  });
  return report;
}

function heading(name: string, url: string): void {
  print(`\n${paint('bold', name)}  ${paint('dim', url)}`);
}

/** The width of time and kind, which precede the text. */
const HEAD = 18;
const NARROWEST = 30;

/** On a terminal a partial overwrites the previous one; elsewhere every result is a line. */
function show({ atMs, isFinal, text, note }: Shown): void {
  const line = `${(atMs / 1000).toFixed(2).padStart(6)} s  ${(isFinal ? 'final' : (note ?? 'partial')).padEnd(10)}${text}`;
  if (!process.stdout.isTTY) return print(line);
  const short = isFinal ? line : onOneLine(line);
  process.stdout.write(
    `\r\u001b[K${isFinal ? paint('green', short) : paint('dim', short)}${isFinal || note !== undefined ? '\n' : ''}`,
  );
}

/** A text that is too long for a line keeps its beginning and its end, since the end is what grows. */
function onOneLine(line: string): string {
  const room = Math.max(NARROWEST, columnsOf(process.stdout, process.env, Infinity) - 1);
  if (widthOf(line) <= room) return line;
  return `${line.slice(0, HEAD)}…${endOf(line.slice(HEAD), room - HEAD - 1)}`;
}

type Message = Readonly<Record<string, unknown>>;

function readScriptix(message: Message): Omit<Shown, 'atMs'> {
  if (typeof message['state'] === 'string') return { isFinal: false, text: message['state'], note: 'state' };
  return { isFinal: message['is_final'] === true, text: String(message['text']) };
}

function readReson8(message: Message): Omit<Shown, 'atMs'> {
  if (message['type'] !== 'transcript')
    return { isFinal: false, text: JSON.stringify(message), note: 'message' };
  return { isFinal: message['is_final'] === true, text: String(message['text']) };
}
