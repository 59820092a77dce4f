import type { z } from 'zod';
import { encodeClose, encodeFrame, OPCODES } from '../../wire/encode.ts';
import type { Frame } from '../../wire/frame.ts';
import type { payload } from '../schema/values.ts';
import type { ServerVerb, StepValue } from '../schema/server-steps.ts';
import type { Step } from '../script.ts';
import { bytesOf, durationMsOf } from './values.ts';

type Frames = { readonly [V in ServerVerb]?: (value: StepValue<V>) => readonly Step[] };

/** The steps below the level of messages: frames that are malformed, late or in parts. */
export const FRAME_STEPS = {
  bytes: (value) => [bytesStep(bytesOf(value))],
  fragments,
  drip,
  'cut-frame': ({ send, after, then }) => [
    bytesStep(textFrame(JSON.stringify(send)).subarray(0, after)),
    ...ending(then),
  ],
  ping: (value) => {
    const many = typeof value === 'number';
    const ping = encodeFrame({ opcode: OPCODES.ping, payload: many ? new Uint8Array(0) : bytesOf(value) });
    return [bytesStep(many ? Buffer.concat(new Array<Uint8Array>(value).fill(ping)) : ping)];
  },
  'close-frame': ({ code, reason, then }) => [bytesStep(encodeClose(code, reason ?? '')), ...ending(then)],
  'bad-opcode': (value) => {
    const frame = encodeFrame({ opcode: 3, payload: Buffer.from('?') });
    return [bytesStep(frame), ...ending(value?.then)];
  },
  'masked-frame': (value) => {
    const payload = Buffer.from('{"masked":true}');
    const frame = encodeFrame({ opcode: OPCODES.text, payload, mask: Uint8Array.of(1, 2, 3, 4) });
    return [bytesStep(frame), ...ending(value?.then)];
  },
  'bad-utf8': (value) => {
    const payload = Buffer.concat([Buffer.from('{"text":"'), Uint8Array.of(0xc3, 0x28), Buffer.from('"}')]);
    return [bytesStep(encodeFrame({ opcode: OPCODES.text, payload })), ...ending(value?.then)];
  },
} satisfies Frames;

/** A message as it was given: text, or bytes in a binary frame. */
export function messageOf(value: z.infer<typeof payload>): Frame {
  if (typeof value === 'string') return { kind: 'text', text: value };
  return 'text' in value ? { kind: 'text', text: value.text } : { kind: 'binary', bytes: bytesOf(value) };
}

function bytesStep(bytes: Uint8Array): Step {
  return { kind: 'bytes', bytes };
}

function textFrame(text: string): Uint8Array {
  return encodeFrame({ opcode: OPCODES.text, payload: Buffer.from(text) });
}

/** A frame, byte by byte, possibly incomplete. */
function drip({ send, every, after, then }: StepValue<'drip'>): readonly Step[] {
  const frame = textFrame(JSON.stringify(send));
  const steps = [...frame.subarray(0, after ?? frame.length)].flatMap((byte, i) => {
    const step = bytesStep(Uint8Array.of(byte));
    return i === 0 ? [step] : [{ kind: 'wait', ms: durationMsOf(every) ?? 0 } as const, step];
  });
  return after === undefined ? steps : [...steps, ...ending(then)];
}

/** A malformed frame is followed by the end of TCP: some clients wait half a minute for it. */
function ending(then: StepValue<'drip'>['then']): readonly Step[] {
  if (then === 'stay') return [];
  return [{ kind: 'abort', how: then === 'reset' ? 'reset' : 'fin' }];
}

/** A message in fragments, possibly without the last ones. */
function fragments({ send, parts, every, after, then }: StepValue<'fragments'>): readonly Step[] {
  const everyMs = durationMsOf(every) ?? 0;
  const bytes = Buffer.from(JSON.stringify(send));
  const size = Math.max(1, Math.ceil(bytes.length / parts));
  const steps: Step[] = [];
  for (let i = 0; i < (after ?? parts); i++) {
    if (i > 0 && everyMs > 0) steps.push({ kind: 'wait', ms: everyMs });
    const opcode = i === 0 ? OPCODES.text : OPCODES.continuation;
    const payload = bytes.subarray(i * size, (i + 1) * size);
    steps.push({ kind: 'bytes', bytes: encodeFrame({ opcode, payload, fin: i === parts - 1 }) });
  }
  return after === undefined ? steps : [...steps, ...ending(then)];
}
