import { BYTES_PER_MS, fixture, silence } from '../audio.ts';
import type { ClientStep } from '../../../src/scenario/client-script.ts';
import { isPartOf } from '../../../src/scenario/is-part-of.ts';
import { kindOf } from '../message-kind.ts';
import type { StageTime } from '../servers/stage.ts';
import type { WireClient } from './wire-client.ts';

/** The result of a client that performed its steps. */
export interface ClientLife {
  readonly firstAudioMs: number | undefined;
  /** What it waited for without success, if that was not expected. */
  readonly failure: string | undefined;
}

/** Longer than any time-out of the server: a connection that has not ended by then never does. */
const LONGEST_MS = 70_000;

/** Performs one step after another until the connection ends or a wait fails. */
export async function playSteps(
  steps: readonly ClientStep[],
  client: WireClient,
  time: StageTime,
): Promise<ClientLife> {
  let firstAudioMs: number | undefined;
  // A message that was waited for is not waited for again.
  let seen = 0;
  for (const step of steps) {
    if (client.hasEnded) break;
    switch (step.verb) {
      case 'start':
      case 'stop':
        client.send(JSON.stringify({ action: step.verb }));
        break;
      case 'ping':
        client.ping();
        break;
      case 'flush':
        client.send(JSON.stringify({ type: 'flush_request', id: step.id }));
        break;
      case 'say':
        client.send(step.message);
        break;
      case 'audio':
        firstAudioMs ??= time.now();
        await speak(step, client, time);
        break;
      case 'wait':
        await time.until(() => client.hasEnded, step.ms);
        break;
      case 'meet':
        // A scenario of the library is played by one client at a time.
        break;
      case 'hang':
        await time.until(() => client.hasEnded, LONGEST_MS);
        break;
      case 'await': {
        const found = await waitFor(step, client, time, step.isFresh ? client.messages.length : seen);
        if (typeof found === 'string') return { firstAudioMs, failure: found };
        seen = found;
        break;
      }
      case 'close':
        client.sendClose(step.code, step.reason);
        await time.until(() => client.hasEnded, LONGEST_MS);
        break;
      case 'abort':
        client.abort(step.how);
        return { firstAudioMs, failure: undefined };
      case 'call':
      case 'connect':
      case 'expire':
        return { firstAudioMs, failure: `${step.verb}: only a client of the REST API has this step` };
    }
  }
  return { firstAudioMs, failure: undefined };
}

/** Sends audio as it would be spoken: each frame when its last sample has been recorded. */
async function speak(
  { file, durationMs, frameMs }: Extract<ClientStep, { verb: 'audio' }>,
  client: WireClient,
  time: StageTime,
): Promise<void> {
  const wanted = file === undefined ? silence(durationMs ?? 0) : recording(file);
  const pcm = durationMs === undefined ? wanted : wanted.subarray(0, durationMs * BYTES_PER_MS);
  const frameBytes = frameMs * BYTES_PER_MS;
  const beganMs = time.now();
  for (let at = 0; at < pcm.length && !client.hasEnded; at += frameBytes) {
    const recordedMs = beganMs + (at + frameBytes) / BYTES_PER_MS;
    await time.until(() => client.hasEnded || time.now() >= recordedMs, frameMs);
    client.send(pcm.subarray(at, at + frameBytes));
  }
}

function recording(name: string): Uint8Array {
  const { pcm } = fixture(name.includes('.') ? name : `${name}.wav`);
  if (pcm.length === 0) throw new Error(`${name} is not a WAV file`);
  return pcm;
}

/** The position after the message that was waited for, or a description of what was missing. */
async function waitFor(
  { what, count, match, limitMs }: Extract<ClientStep, { verb: 'await' }>,
  client: WireClient,
  time: StageTime,
  seen: number,
): Promise<number | string> {
  if (what === 'close') {
    await time.until(() => client.hasEnded, limitMs ?? LONGEST_MS);
    return seen;
  }
  let place: number | undefined;
  const look = () => {
    let left = count;
    for (let i = seen; i < client.messages.length && left > 0; i++) {
      const { value } = client.messages[i] ?? {};
      if (what !== 'message' && kindOf(value) !== what) continue;
      if (match !== undefined && !isPartOf(match, value)) continue;
      left -= 1;
      if (left === 0) place = i + 1;
    }
    return place !== undefined || client.hasEnded || client.malformed !== undefined;
  };
  await time.until(look, limitMs ?? LONGEST_MS);
  if (place !== undefined) return place;
  // The expectation judges the end of the connection, and a client may always give up.
  return client.hasEnded || client.malformed !== undefined || limitMs !== undefined
    ? seen
    : `waited ${LONGEST_MS / 1000} s for ${what}${count === 1 ? '' : ` ${count}x`}, without success`;
}
