import { UserError } from '../../runtime/errors.ts';

/** A value of a JSON file that strangers wrote, which knows where it stands: `log.entries[3].request.url`. */
export class HarValue {
  readonly #value: unknown;
  readonly #file: string;
  readonly #path: string;

  constructor(value: unknown, file: string, path = '') {
    this.#value = value;
    this.#file = file;
    this.#path = path;
  }

  /** File and place, as errors name it. */
  get where(): string {
    return this.#path === '' ? this.#file : `${this.#file}: ${this.#path}`;
  }

  get #place(): { file: string; key: string } {
    return { file: this.#file, key: this.#path };
  }

  /** @throws UserError unless this is an object that has it */
  field(name: string): HarValue {
    const found = this.optional(name);
    if (found === undefined)
      throw new UserError(`expected a field "${name}"; is it a HAR file?`, this.#place);
    return found;
  }

  /** @throws UserError unless this is an object */
  optional(name: string): HarValue | undefined {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.wrong('an object');
    const found: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    if (found === undefined || found === null) return undefined;
    return new HarValue(found, this.#file, this.#path === '' ? name : `${this.#path}.${name}`);
  }

  /** @throws UserError unless it is a list of at most so many */
  list(most: number): readonly HarValue[] {
    const value: unknown = this.#value;
    if (!Array.isArray(value)) throw this.wrong('a list');
    if (value.length > most)
      throw new UserError(`it has ${value.length} items, at most ${most} are read`, this.#place);
    return value.map((item: unknown, index) => new HarValue(item, this.#file, `${this.#path}[${index}]`));
  }

  /** @throws UserError unless it is a string */
  text(): string {
    if (typeof this.#value !== 'string') throw this.wrong('a string');
    return this.#value;
  }

  /** @throws UserError unless it is a number */
  number(): number {
    if (typeof this.#value !== 'number') throw this.wrong('a number');
    return this.#value;
  }

  maybeText(): string | undefined {
    return typeof this.#value === 'string' ? this.#value : undefined;
  }

  maybeNumber(): number | undefined {
    return typeof this.#value === 'number' ? this.#value : undefined;
  }

  /** Says nothing of the value: it may be a secret. */
  wrong(expected: string): UserError {
    return new UserError(`expected ${expected}`, this.#place);
  }
}
