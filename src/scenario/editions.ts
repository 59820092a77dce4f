import { VENDORS, type Vendor } from '../protocol/dialects.ts';
import { DEFAULT_EDITIONS, editionsOf, withEdition, type EditionNames } from '../protocol/editions.ts';
import { isFields } from '../runtime/json/fields.ts';
import { kindOf } from '../runtime/json/given.ts';
import { closest, suggestion } from '../runtime/text/closest.ts';
import { UserError, type Mistake } from '../runtime/errors.ts';
import { listed } from '../runtime/text/listed.ts';

/** The maximum length of a name in an error. */
const LONGEST_SHOWN = 100;

/**
 * Replaces some editions by those that a user has named, `SERVICE=NAME` each. If only one service is possible, the name
 * alone is enough.
 *
 * @param services the possible services
 * @throws UserError that lists the editions, for an unknown one and for a service that is named twice
 */
export function readEditions(
  texts: readonly string[],
  services: readonly Vendor[],
  before: EditionNames,
): EditionNames {
  const wrong: Mistake[] = [];
  const named = new Set<Vendor>();
  const read = texts.reduce((names, text) => {
    const { service, name } = partsOf(text, services);
    const next = service === undefined ? undefined : withEdition(names, service, name);
    if (service === undefined) wrong.push({ value: shown(text), what: expectedOf(services) });
    else if (next === undefined) wrong.push({ value: shown(text), what: noEdition(service, name) });
    else if (named.has(service)) wrong.push({ what: `${service} has one edition at a time, given twice` });
    if (service !== undefined) named.add(service);
    return next ?? names;
  }, before);
  if (wrong.length > 0) throw new UserError(wrong);
  return read;
}

/**
 * The editions that an option of the library names, and the default ones for the rest.
 *
 * @throws UserError for an unknown one, and for anything but an object
 */
export function editionsGiven(given: Partial<EditionNames> = {}): EditionNames {
  if (!isFields(given)) {
    throw new UserError(`expected an object with ${listed(VENDORS)}, got ${kindOf(given)}`, {
      option: 'editions',
    });
  }
  const texts = Object.entries(given).map(([service, name]) => `${service}=${name}`);
  try {
    return readEditions(texts, VENDORS, DEFAULT_EDITIONS);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.mistakes.map((mistake) => ({ option: 'editions', ...mistake })));
  }
}

/** Why a service has no edition of this name, and which ones it has. */
export function noEdition(service: Vendor, name: string): string {
  const all = editionsOf(service);
  const hint = suggestion(closest(name, all)) ?? '';
  return `${service} has no edition "${shown(name)}"; expected ${listed(all)}${hint}`;
}

function partsOf(text: string, services: readonly Vendor[]): { service: Vendor | undefined; name: string } {
  const at = text.indexOf('=');
  if (at < 0) return { service: services.length === 1 ? services[0] : undefined, name: text };
  const service = services.find((each) => each === text.slice(0, at));
  return { service, name: text.slice(at + 1) };
}

function expectedOf(services: readonly Vendor[]): string {
  const all = services.map((service) => `${service}=${editionsOf(service).join('|')}`);
  const others = VENDORS.length > services.length ? ', for this service alone' : '';
  return `expected SERVICE=NAME${others}: ${all.join(', ')}`;
}

function shown(text: string): string {
  return text.slice(0, LONGEST_SHOWN);
}
