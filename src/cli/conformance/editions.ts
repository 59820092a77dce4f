import { conversationsOf } from '../../conformance/conversation/conversation.ts';
import { VENDORS, vendorOf, type Vendor } from '../../protocol/dialects.ts';
import { DEFAULT_EDITIONS, editionsOf, type EditionNames } from '../../protocol/editions.ts';
import { UserError } from '../../runtime/errors.ts';
import { readEditions } from '../../scenario/editions.ts';
import type { TraceEvent } from '../../wire/trace.ts';
import { asTexts, many } from '../flag.ts';

const NAMES = `${VENDORS.map((service) => `${service}=${editionsOf(service).join('|')}`).join(', ')}, or the name alone (documents)`;

/** `--edition` for a command about one service; it is read once the service is known. */
export const EDITION = many(`Edition by which it is judged: ${NAMES}`, asTexts);

/** The same of a load, which judges nothing. */
export const LOAD_EDITION = many(`Edition in which results are read: ${NAMES}`, asTexts);

/** The editions that `--edition` names. @throws UserError */
export function readNamed(texts: readonly string[], services: readonly Vendor[]): Partial<EditionNames> {
  try {
    const all = readEditions(texts, services, DEFAULT_EDITIONS);
    const named = services.filter((service) => texts.some((text) => isAbout(text, service, services)));
    return Object.fromEntries(named.map((service) => [service, all[service]]));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.mistakes.map((mistake) => ({ flag: 'edition', ...mistake })));
  }
}

/** The editions that are named for a trace: where it is about one service, the name alone is enough. @throws UserError */
export function editionsIn(events: readonly TraceEvent[], texts: readonly string[]): Partial<EditionNames> {
  const dialects = conversationsOf(events).flatMap(({ dialect }) => dialect ?? []);
  const services = [...new Set(dialects.map(vendorOf))];
  const named = services.length === 1 && texts.every((text) => !text.includes('=')) ? services : VENDORS;
  return readNamed(texts, named);
}

function isAbout(text: string, service: Vendor, services: readonly Vendor[]): boolean {
  return text.includes('=') ? text.startsWith(`${service}=`) : services.length === 1;
}
