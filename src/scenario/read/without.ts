import { isFields, isList } from '../../runtime/json/fields.ts';
import type { Mistake, Path } from '../explain/mistake.ts';
import { verbsAt } from '../explain/step.ts';

/**
 * A file without what is wrong in it, so that the rest can be checked. Everything else stays where it is. A step, an
 * answer or a handshake with a mistake in it is taken out as a whole, because the rest of it may mean something else.
 * What lacks a key at its top is left as it is.
 */
export function without(root: unknown, mistakes: readonly Mistake[]): unknown {
  const wrong = new Set(mistakes.map((mistake) => JSON.stringify(partWith(placeOf(mistake), root))));
  const rest = (value: unknown, path: Path): unknown => {
    const inner = isList(value)
      ? value.map((each, i) => rest(each, [...path, i]))
      : isFields(value)
        ? Object.fromEntries(
            Object.entries(value)
              .map(([key, each]) => [key, rest(each, [...path, key])] as const)
              .filter(([, each]) => each !== undefined),
          )
        : value;
    return path.length > 0 && wrong.has(JSON.stringify(path)) ? standIn(path, inner, root) : inner;
  };
  return rest(root, []);
}

/** What a mistake is about: the value at its place, or what lacks one there. */
export function placeOf({ path, isMissing }: Mistake): Path {
  return isMissing === true ? path.slice(0, -1) : path;
}

/** The smallest part around a place that can be taken out. */
function partWith(path: Path, root: unknown): Path {
  for (let length = path.length; length > 0; length -= 1) {
    const part = path.slice(0, length);
    if (isStep(part, root) || isAnswer(part)) return part;
  }
  // Without an element, those after it would be elsewhere.
  const isElement = typeof path.at(-1) === 'number';
  return isElement && !isEntry(path) ? partWith(path.slice(0, -1), root) : path;
}

/** What is put in the place of a part, where no rule objects to it; undefined if nothing needs to be there. */
function standIn(path: Path, inner: unknown, root: unknown): unknown {
  if (!isStep(path, root)) return typeof path.at(-1) === 'number' ? {} : undefined;
  // The steps in a wrong step are not wrong because of it.
  if (path[0] !== 'server' || !isFields(inner) || !isList(inner['steps'])) return { wait: '0ms' };
  const { steps, else: otherwise } = inner;
  return { chance: '50%', steps, ...(isList(otherwise) ? { else: otherwise } : {}) };
}

function isStep(path: Path, root: unknown): boolean {
  return verbsAt(path, root) !== undefined;
}

/** A handshake, or the answer to a call. */
function isAnswer(path: Path): boolean {
  if (path[0] !== 'server') return false;
  const isOfCall = path.length === 3 && typeof path[2] === 'number' && path[1] !== 'attempts';
  return isOfCall || (path.length <= 4 && path.at(-1) === 'handshake');
}

/** An element of a list that may also be without any key. */
function isEntry(path: Path): boolean {
  const list = path.slice(0, -1).join('.');
  return ['expect', 'client.sessions', 'server.attempts'].includes(list);
}
