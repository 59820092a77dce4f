import { joinedHeaders } from '../wire/header-fields.ts';

/** Received headers in the form of Node.js: names and values alternating. */
export type RawHeaders = readonly string[];

/** Headers between two neighbours on the way (hop-by-hop), which are not passed on. */
export const BETWEEN_NEIGHBOURS: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'expect',
];

/** For a trace. */
export function headersOf(raw: RawHeaders): Record<string, string> {
  return joinedHeaders(fieldsOf(raw));
}

/** @param names in lower case */
export function without(raw: RawHeaders, names: readonly string[]): string[] {
  return fieldsOf(raw)
    .filter(([name]) => !names.includes(name.toLowerCase()))
    .flat();
}

/** All headers as received, in order, but with another host. */
export function readdressed(raw: RawHeaders, host: string, dropped: readonly string[]): string[] {
  return ['Host', host, ...without(raw, ['host', ...dropped])];
}

/** The head of an answer as it is sent, in Latin-1. */
export function headText(status: number, message: string, raw: RawHeaders): string {
  const lines = fieldsOf(raw).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${message}\r\n${lines.join('')}\r\n`;
}

function fieldsOf(raw: RawHeaders): (readonly [name: string, value: string])[] {
  return Array.from(
    { length: Math.floor(raw.length / 2) },
    (_, at) => [raw[2 * at] ?? '', raw[2 * at + 1] ?? ''] as const,
  );
}
