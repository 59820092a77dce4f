import { hideAfterScheme } from './forms.ts';
import type { Hiding } from './hiding.ts';
import { closingQuote, isName } from './json-strings.ts';
import { isLooseName } from './names.ts';

/** Redacts a string of the JSON after unescaping it. */
type HideValue = (value: string) => string;

interface Frame {
  /** This is inside the value of a telling name. */
  readonly isSecret: boolean;
  /** For `{"name": "x-api-key", "value": …}`: the value is the secret. */
  isNamed: boolean;
}

const NUMBER = /-?\d[\d.eE+-]*/y;

/**
 * Redacts JSON at any depth; everything that is not secret keeps its bytes. It is scanned rather than parsed, because a
 * message that was cut off or is invalid may contain secrets too.
 */
export function hideInJson(text: string, hiding: Hiding, hideValue: HideValue): string {
  let result = '';
  let done = 0;
  const put = (from: number, to: number, instead: string) => {
    result += text.slice(done, from) + instead;
    done = to;
  };
  const frames: Frame[] = [];
  let top: Frame = { isSecret: false, isNamed: false };
  let name: string | undefined;
  const isSecret = () =>
    top.isSecret ||
    (name !== undefined && (hiding.isSecretName(name) || (top.isNamed && name.toLowerCase() === 'value')));

  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') {
      const end = closingQuote(text, at + 1);
      const raw = text.slice(at + 1, end);
      const value = unescaped(raw);
      const isField = isName(text, end);
      const hidden =
        isField || !isSecret()
          ? hideValue(value)
          : hideNamed(value, top.isSecret ? 'auth' : (name ?? ''), hiding);
      if (hidden !== value) put(at + 1, end, JSON.stringify(hidden).slice(1, -1));
      if (isField) name = value;
      else {
        if (/^(?:name|key|header)$/i.test(name ?? '')) top.isNamed = hiding.isSecretName(value);
        name = undefined;
      }
      at = end;
    } else if (character === '{' || character === '[') {
      frames.push(top);
      top = { isSecret: isSecret(), isNamed: false };
      name = undefined;
    } else if (character === '}' || character === ']') {
      top = frames.pop() ?? { isSecret: false, isNamed: false };
      name = undefined;
    } else if (character === ',') name = undefined;
    else if (/[-\d]/.test(character)) {
      NUMBER.lastIndex = at;
      const [number = character] = NUMBER.exec(text) ?? [];
      if (number !== '' && isSecret()) put(at, at + number.length, `"${hiding.hide(number)}"`);
      at += Math.max(0, number.length - 1);
    }
  }
  return done === 0 ? text : result + text.slice(done);
}

/** Hides the value of a telling name. */
export function hideNamed(value: string, name: string, { hide }: Hiding): string {
  if (isNoSecret(name, value)) return value;
  return hideAfterScheme(value, hide) ?? hide(value);
}

/** `"auth": "none"`, `"credentials": {"type": "ApiKey"}`. */
export function isNoSecret(name: string, value: string): boolean {
  if (value.trim() === '') return true;
  return (
    isLooseName(name) &&
    /^(?:none|basic|bearer|api-?key|token|digest|oauth2?|jwt|required|optional|true|false|yes|no|invalid|missing|failed|ok)$/i.test(
      value,
    )
  );
}

function unescaped(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}
