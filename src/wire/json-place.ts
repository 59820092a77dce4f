import { UserError } from '../runtime/errors.ts';
import { DEEPEST_JSON, isDeeperThan, parseJson, TOO_DEEP } from '../runtime/json/depth.ts';

const TOKEN =
  /\s*("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:])/uy;

/** What may come next, in the words of an error text. */
type Expected =
  | 'a value'
  | 'a value or "]"'
  | 'a name'
  | 'a name or "}"'
  | '":"'
  | '"," or the end'
  | 'nothing more';

/**
 * The value in a file of JSON.
 *
 * @param hint what such a file is, for the error
 * @throws UserError with the place where it stops being JSON, or if it is nested too deeply
 */
export function jsonIn(text: string, file: string, hint?: string): unknown {
  try {
    return parseJson(text);
  } catch {
    if (isDeeperThan(text, DEEPEST_JSON)) throw new UserError(TOO_DEEP, { file });
    const { offset, expected } = jsonFaultOf(text);
    const before = text.slice(0, offset).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    const what = `not JSON: expected ${expected}${hint === undefined ? '' : `; ${hint}`}`;
    throw new UserError(what, { file, line: before.length, column });
  }
}

/** Where a text stops being JSON, which the error of JSON.parse does not always say, and what is expected there. */
export function jsonFaultOf(text: string): { readonly offset: number; readonly expected: string } {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'a value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[1];
    const next: Expected | undefined = token === undefined ? undefined : after(token, expected, open);
    if (token === undefined || next === undefined) {
      const offset = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
      return { offset, expected };
    }
    expected = next;
  }
}

/** Processes a token, or returns nothing if it is not allowed here. */
function after(token: string, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  const closes = (): Expected => {
    open.pop();
    return open.length === 0 ? 'nothing more' : '"," or the end';
  };
  switch (expected) {
    case 'a name':
    case 'a name or "}"':
      if (token === '}' && expected === 'a name or "}"') return closes();
      return token.startsWith('"') ? '":"' : undefined;
    case '":"':
      return token === ':' ? 'a value' : undefined;
    case '"," or the end':
      if (token === ',') return open.at(-1) === '{' ? 'a name' : 'a value';
      return token === (open.at(-1) === '{' ? '}' : ']') ? closes() : undefined;
    case 'nothing more':
      return undefined;
    case 'a value':
    case 'a value or "]"':
      if (token === ']' && expected === 'a value or "]"') return closes();
      if (token === '{' || token === '[') {
        open.push(token);
        return token === '{' ? 'a name or "}"' : 'a value or "]"';
      }
      if (/^[}\],:]/.test(token)) return undefined;
      return open.length === 0 ? 'nothing more' : '"," or the end';
  }
}
