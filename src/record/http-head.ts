import { joinedHeaders } from '../wire/header-fields.ts';

/** Headers as Node.js keeps those that came: names and values in turn. */
export type RawHeaders = readonly string[];

/** What is said between two neighbours on the way, and not to who is at its end. */
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

/** All as they came, in their order, but for another host. */
export function readdressed(raw: RawHeaders, host: string, dropped: readonly string[]): string[] {
  return ['Host', host, ...without(raw, ['host', ...dropped])];
}

/** The head of an answer as it goes over the wire, in Latin-1. */
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
