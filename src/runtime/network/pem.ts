/** What the blocks of a text in PEM are called, such as CERTIFICATE or PRIVATE KEY; nothing for any other text. */
export function labelsIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/-----BEGIN ([A-Z\d #]{1,40})-----/g), ([, label = '']) => label);
}

/** The blocks that hold a certificate, with what is behind each. */
export function certificatesIn(text: string): readonly string[] {
  return text
    .split(/(?=-----BEGIN )/)
    .filter((block) => /^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(block));
}

/**
 * The binary form of what was read as text, as far as it can be seen: DER begins with a long sequence, and that of
 * PKCS #12 with the version 3.
 */
export function binaryFormOf(text: string): 'DER' | 'PKCS #12' | undefined {
  if (!/^0[\x80-\xff\ufffd]/.test(text)) return undefined;
  return text.slice(3, 7).includes('\x02\x01\x03') ? 'PKCS #12' : 'DER';
}

/** What a text is that is not the PEM that was expected, without repeating any of it. */
export function pemKindOf(text: string): string {
  if (text.trim() === '') return 'nothing';
  return labelsIn(text)[0] ?? binaryFormOf(text) ?? 'something else';
}

/** Where in OpenSSL something went wrong, which helps no one: before what it was, and behind it. */
const BEFORE = /\b(?:[\dA-F]{8,}:)?error:[^:]*:[^:]*:[^:]*:/g;
const BEHIND = /:[^:]*\.c:\d+:/g;

/** A message of OpenSSL without the names of its parts: `bad end line`. */
export function withoutPlaces(message: string): string {
  return message.replace(BEFORE, '').replace(BEHIND, ' ').trim();
}
