import type { IncomingHttpHeaders } from 'node:http';

/** Samples of 16 bits that look like this many bytes of plain text are all loud and positive, which no sound is. */
const TEXT_BYTES = 64;

/** What a body that would be taken for samples is instead; undefined if it may be samples. */
export function notAudio(head: Uint8Array): string | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 0x08) return 'compressed with gzip';
  const text = head.subarray(0, TEXT_BYTES);
  if (text.length === 0 || !text.every(isPlain)) return undefined;
  const words = new TextDecoder().decode(text).trimStart();
  if (words.startsWith('--')) return 'a form with several parts (multipart/form-data)';
  if (words.startsWith('<')) return 'HTML or XML';
  if (/^[[{]/.test(words)) return 'JSON';
  return text.length === TEXT_BYTES ? 'text' : undefined;
}

/** What the headers of a body say that it is, if that is not what arrives at a service as a recording. */
export function wrappedAs(headers: IncomingHttpHeaders): string | undefined {
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (coding !== '' && coding !== 'identity') return 'compressed (Content-Encoding)';
  const type = headers['content-type']?.trim().toLowerCase() ?? '';
  return type.startsWith('multipart/') ? 'a form with several parts (multipart/form-data)' : undefined;
}

/** Printable ASCII and white space. */
function isPlain(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d);
}
