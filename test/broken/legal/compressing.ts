import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { HttpReply, Mutation } from '../harness/mutation.ts';

type Compress = (bytes: Uint8Array) => Buffer;

const CODINGS = {
  gzip: gzipSync,
  deflate: deflateSync,
  // Not the deflate of RFC 9110, but so common that every client reads it.
  'raw deflate': deflateRawSync,
  br: brotliCompressSync,
} satisfies Record<string, Compress>;

/** Compresses all answers over plain HTTP: to calls, and to refused upgrades. */
export function compressing(...codings: readonly (keyof typeof CODINGS)[]): Mutation {
  const compressed = (reply: HttpReply): HttpReply => {
    const { body } = reply;
    if (body === undefined) return reply;
    const plain = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    return {
      ...reply,
      headers: {
        'content-type': 'application/json',
        ...reply.headers,
        'content-encoding': codings.map((coding) => coding.replace('raw ', '')).join(', '),
        vary: 'Accept-Encoding',
      },
      body: codings.reduce((bytes: Buffer, coding) => CODINGS[coding](bytes), plain),
    };
  };
  return { refusal: compressed, rest: () => ({ answer: (_call, reply) => compressed(reply) }) };
}
