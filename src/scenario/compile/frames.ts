import { encodeClose, encodeFrame, OPCODES } from '../../wire/encode.ts';
import type { Frame } from '../../wire/frame.ts';
import type { Step } from '../script.ts';
import { durationMsOf, type Fields } from './values.ts';

/** The steps below the level of messages: frames that are broken, late or in parts. Undefined for any other verb. */
export function frameSteps(verb: string, value: unknown, fields: Fields): readonly Step[] | undefined {
  switch (verb) {
    case 'bytes':
      return [bytesStep(bytesOf(value))];
    case 'fragments':
      return fragments(fields);
    case 'cut-frame': {
      const frame = textFrame(JSON.stringify(fields['send']));
      return [bytesStep(frame.subarray(0, Number(fields['after']))), ...ending(fields['then'])];
    }
    case 'drip':
      return drip(fields);
    case 'ping': {
      const many = typeof value === 'number';
      const ping = encodeFrame({ opcode: OPCODES.ping, payload: many ? new Uint8Array(0) : bytesOf(value) });
      return [bytesStep(many ? Buffer.concat(new Array<Uint8Array>(value).fill(ping)) : ping)];
    }
    case 'close-frame': {
      const frame = encodeClose(Number(fields['code']), (fields['reason'] as string | undefined) ?? '');
      return [bytesStep(frame), ...ending(fields['then'])];
    }
    case 'bad-opcode': {
      const frame = encodeFrame({ opcode: 3, payload: Buffer.from('?') });
      return [bytesStep(frame), ...ending(fields['then'])];
    }
    case 'masked-frame': {
      const payload = Buffer.from('{"masked":true}');
      const frame = encodeFrame({ opcode: OPCODES.text, payload, mask: Uint8Array.of(1, 2, 3, 4) });
      return [bytesStep(frame), ...ending(fields['then'])];
    }
    case 'bad-utf8': {
      const payload = Buffer.concat([Buffer.from('{"text":"'), Uint8Array.of(0xc3, 0x28), Buffer.from('"}')]);
      return [bytesStep(encodeFrame({ opcode: OPCODES.text, payload })), ...ending(fields['then'])];
    }
    default:
      return undefined;
  }
}

/** A message as it is: text, or bytes in a binary frame. */
export function messageOf(value: unknown): Frame {
  if (typeof value === 'string') return { kind: 'text', text: value };
  const { text } = value as { text?: string };
  return text === undefined ? { kind: 'binary', bytes: bytesOf(value) } : { kind: 'text', text };
}

function bytesOf(value: unknown): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value);
  const { text, hex, base64 } = value as { text?: string; hex?: string; base64?: string };
  if (text !== undefined) return Buffer.from(text);
  return hex === undefined
    ? Buffer.from(base64 ?? '', 'base64')
    : Buffer.from(hex.replace(/\s+/g, ''), 'hex');
}

function bytesStep(bytes: Uint8Array): Step {
  return { kind: 'bytes', bytes };
}

function textFrame(text: string): Uint8Array {
  return encodeFrame({ opcode: OPCODES.text, payload: Buffer.from(text) });
}

/** A frame, one byte after the other, perhaps not to its end. */
function drip({ send, every, after, then }: Fields): readonly Step[] {
  const frame = textFrame(JSON.stringify(send));
  const steps = [...frame.subarray(0, after === undefined ? frame.length : Number(after))].flatMap(
    (byte, i) => {
      const step = bytesStep(Uint8Array.of(byte));
      return i === 0 ? [step] : [{ kind: 'wait', ms: durationMsOf(every) ?? 0 } as const, step];
    },
  );
  return after === undefined ? steps : [...steps, ...ending(then)];
}

/** A malformed frame is followed by the end of TCP: some clients wait half a minute for it. */
function ending(then: unknown): readonly Step[] {
  if (then === 'stay') return [];
  return [{ kind: 'abort', how: then === 'reset' ? 'reset' : 'fin' }];
}

/** A message in parts, perhaps without the last ones. */
function fragments({ send, after, then, ...fields }: Fields): readonly Step[] {
  const parts = Number(fields['parts']);
  const everyMs = durationMsOf(fields['every']) ?? 0;
  const bytes = Buffer.from(JSON.stringify(send));
  const size = Math.max(1, Math.ceil(bytes.length / parts));
  const steps: Step[] = [];
  for (let i = 0; i < Number(after ?? parts); i++) {
    if (i > 0 && everyMs > 0) steps.push({ kind: 'wait', ms: everyMs });
    const opcode = i === 0 ? OPCODES.text : OPCODES.continuation;
    const payload = bytes.subarray(i * size, (i + 1) * size);
    steps.push({ kind: 'bytes', bytes: encodeFrame({ opcode, payload, fin: i === parts - 1 }) });
  }
  return after === undefined ? steps : [...steps, ...ending(then)];
}
