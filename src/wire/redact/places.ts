import { hideAfterScheme, hideForms, isRandom, isScheme } from './forms.ts';
import type { Hiding } from './hiding.ts';
import { hideInJson, hideNamed, isNoSecret } from './json.ts';

/** How many levels of text within text are searched: JSON in a string of JSON, a URL in the query of a URL. */
const DEEPEST = 8;

const IN_PATH = /(\/v\d+\/+client\/+)([^/?#\s"'<>\\]+)/gi;
const USER_INFO = /([a-z][a-z\d+.-]{0,19}:(?:\\?\/){2})([^\s/?#"'<>\\@]{1,1024})@/gi;
/** A parameter, wherever it is. A semicolon ends it only if another one begins after it. */
const PARAMETER = /(?<![\w.%-])([\w.%-]{1,64})=([^&#;\s"'<>\\]+(?:;(?![\w.-]{1,64}=)[^&#;\s"'<>\\]*)*)/g;
/** `token="abc"`: an attribute, a setting. A quote ends each run, so none is read twice. */
const QUOTED =
  /(?<![\w.-])([\w.-]{1,64})([ \t]{0,4}=[ \t]{0,4})(?:"([^"\r\n]{1,8192})"|'([^'\r\n]{1,8192})')/g;
/** `<token>abc</token>`, with a prefix, attributes and CDATA or without. */
const ELEMENT =
  /(<(?:[\w.-]{1,64}:)?([\w.-]{1,64})(?:\s[^<>]{0,1024})?>(?:<!\[CDATA\[)?)([^<>\]]{1,8192})(?=\]{0,2}>?<\/)/g;
/** A header in a log, a line of a configuration. */
const FIELD = /(?<![\w-])([\w-]{1,64})["']?[ \t]{0,4}:[ \t]{0,4}["']?/g;

/** Path and query of a request, as sent. Everything that is not secret keeps its bytes. */
export function hideInTarget(target: string, hiding: Hiding): string {
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const placed = hideForms(
    path.replace(/(\/v\d+\/+client\/+)([^/]+)/gi, (_all, before: string, token: string) => {
      return `${before}${hidePart(token, hiding)}`;
    }),
    hiding,
  );
  if (question < 0) return placed;
  const pairs = target.slice(question + 1).split('&');
  let isAfterSecret = false;
  const hidden = pairs.map((pair) => {
    const equals = pair.indexOf('=');
    // The rest of an unencoded secret with an ampersand.
    if (equals < 0) return isAfterSecret ? hideFormPart(pair, hiding) : pair;
    isAfterSecret ||= hiding.isSecretName(decodedForm(pair.slice(0, equals)) ?? '');
    return hideInPair(pair, hiding);
  });
  return `${placed}?${hidden.join('&')}`;
}

function hideInPair(pair: string, hiding: Hiding): string {
  const equals = pair.indexOf('=');
  const before = pair.slice(0, equals + 1);
  const value = pair.slice(equals + 1);
  const name = equals < 0 ? '' : (decodedForm(pair.slice(0, equals)) ?? '');
  if (hiding.isSecretName(name)) return `${before}${hideParameter(value, name, hiding)}`;
  const decoded = decodedForm(value);
  if (decoded === undefined) return `${before}${hiding.hide(value)}`;
  const placed = name.toLowerCase() === 'url' ? hideInUrl(decoded, hiding) : hideInText(decoded, hiding, 1);
  return placed === decoded ? pair : `${before}${encodeURIComponent(placed)}`;
}

/** The URL of stream mode: its user info, its query, and nothing else that we know of, control access to it. */
function hideInUrl(url: string, hiding: Hiding): string {
  const [, start = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? [];
  const all = (part: string) => {
    if (part === '') return '';
    const pairs = part.slice(1).split('&');
    return `${part.charAt(0)}${pairs.map((pair) => hideValue(pair, hiding)).join('&')}`;
  };
  const user = start.replace(/^([^/]*\/\/)([^/]*)@/, (_all, scheme: string, info: string) => {
    return `${scheme}${hideUserInfo(info, hiding)}@`;
  });
  return `${hideForms(user, hiding)}${all(query)}${all(fragment)}`;
}

function hideUserInfo(info: string, hiding: Hiding): string {
  const colon = info.indexOf(':');
  const parts = colon < 0 ? [info] : [info.slice(0, colon), info.slice(colon + 1)];
  return parts.map((part) => hidePart(part, hiding)).join(':');
}

function hideValue(pair: string, hiding: Hiding): string {
  const from = pair.indexOf('=') + 1;
  return `${pair.slice(0, from)}${hideFormPart(pair.slice(from), hiding)}`;
}

/** A percent-encoded part of a URL. An empty one stays: that nothing was sent is not secret. */
function hidePart(part: string, { hide }: Hiding): string {
  return part === '' ? '' : hide(decoded(part) ?? part);
}

/** The same in a query or a form, where a plus is a space, although its author may have meant a plus. */
function hideFormPart(part: string, { hide }: Hiding): string {
  if (part === '') return '';
  const value = decodedForm(part) ?? part;
  return part.includes('+') ? hide(value, decoded(part) ?? part) : hide(value);
}

/** `token=abc`, and `authorization=Bearer+abc`. */
function hideParameter(part: string, name: string, hiding: Hiding): string {
  const value = decodedForm(part) ?? part;
  if (!/\s/.test(value.trim()) || hideAfterScheme(value, (secret) => secret) === undefined) {
    return hideFormPart(part, hiding);
  }
  const hidden = hideNamed(value, name, hiding);
  return hidden === value ? part : encodeURIComponent(hidden);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function decodedForm(text: string): string | undefined {
  return decoded(text.replace(/\+/g, ' '));
}

/** The value of a header, given the header's name in lower case. */
export function hideInHeader(name: string, value: string, hiding: Hiding): string {
  switch (name) {
    case 'sec-websocket-key':
      // A nonce.
      return value;
    case 'authorization':
    case 'proxy-authorization':
      return hideCredentials(value, hiding);
    case 'sec-websocket-protocol':
      return hideForms(hideInProtocols(value, hiding), hiding);
    case 'cookie':
      return value
        .split(';')
        .map((pair) => hideCookie(pair, hiding))
        .join(';');
    case 'set-cookie':
      return value.replace(/^[^;]*/, (pair) => hideCookie(pair, hiding));
    default:
      return hiding.isSecretName(name) ? hideNamedHeader(name, value, hiding) : hideInText(value, hiding);
  }
}

function hideCookie(pair: string, hiding: Hiding): string {
  const from = pair.indexOf('=') + 1;
  if (from === 0) return pair;
  const cookie = pair.slice(from);
  const gap = cookie.slice(0, cookie.length - cookie.trimStart().length);
  return `${pair.slice(0, from)}${gap}${hidePart(cookie.trim(), hiding)}`;
}

/** `x-api-key`, `x-auth`. */
function hideNamedHeader(name: string, value: string, hiding: Hiding): string {
  const words = (credential: string) => hideWords(credential, hiding);
  const known = hideAfterScheme(value, words);
  return known ?? (isNoSecret(name, value) ? value : words(value));
}

function hideCredentials(value: string, hiding: Hiding): string {
  if (value.trim() === '' || isScheme(value.trim())) return value;
  const known = hideAfterScheme(value, (credential) => hideWords(credential, hiding));
  if (known !== undefined) return known;
  const [, scheme = '', gap = '', rest = ''] = /^\s*(\S+)(\s+)(\S.*)$/s.exec(value) ?? [];
  return rest === '' ? hideWords(value, hiding) : `${scheme}${gap}${hideWords(rest, hiding)}`;
}

/** Repeated headers arrive as one, with commas: each part is also a secret. */
function hideWords(value: string, { hide }: Hiding): string {
  const secret = value.trim();
  if (secret === '') return value;
  const standIn = hide(secret);
  const parts = secret.split(/[\s,;]+/).filter((part) => part.length >= 8 && part !== secret);
  for (const part of parts.slice(0, 16)) hide(part.replace(/^[\w-]+="?(.*?)"?$/, '$1'));
  return standIn;
}

/** `bearer, TOKEN`: what follows the name of a scheme is the secret, literally. Some clients encode it. */
function hideInProtocols(value: string, { hide }: Hiding): string {
  let follows = false;
  return value.replace(/[^,\s]+/g, (item) => {
    if (follows) return hide(item, decoded(item) ?? item);
    follows = isScheme(item);
    return item;
  });
}

/** A message, a body or a line of a log: hides everything with a telling name or a telling form, at any depth. */
export function hideInText(text: string, hiding: Hiding, depth = 0): string {
  if (!hiding.mayHold(text)) return text;
  if (depth > DEEPEST) return hideForms(text, hiding);
  if (/^\s*[[{]/.test(text)) {
    return hideInJson(text, hiding, (value) => hideInText(value, hiding, depth + 1));
  }
  const whole = /^\s*[\w-]{1,20}\s+(\S+)\s*$/.exec(text)?.[1] ?? '';
  // Only a scheme followed by a single word that is not of a natural language.
  const credential = whole.length >= 6 && isRandom(whole) ? hideAfterScheme(text, hiding.hide) : undefined;
  return credential ?? hideForms(hideFields(hideParameters(text, hiding, depth), hiding), hiding);
}

function hideParameters(text: string, hiding: Hiding, depth: number): string {
  // Most texts contain none of these signs, and searching for one takes a small part of the time of a pattern.
  let hidden = text;
  if (hidden.includes('/')) {
    hidden = hidden.replace(
      IN_PATH,
      (_all, before: string, token: string) => `${before}${hidePart(token, hiding)}`,
    );
  }
  if (hidden.includes('@')) {
    hidden = hidden.replace(
      USER_INFO,
      (_all, before: string, info: string) => `${before}${hideUserInfo(info, hiding)}@`,
    );
  }
  if (hidden.includes('=')) hidden = hideQuoted(hidden, hiding);
  if (hidden.includes('</')) {
    hidden = hidden.replace(ELEMENT, (all: string, before: string, name: string, value: string) =>
      hiding.isSecretName(name) ? `${before}${hideNamed(value, name, hiding)}` : all,
    );
  }
  return hidden.includes('=') ? hidePairs(hidden, hiding, depth) : hidden;
}

function hideQuoted(text: string, hiding: Hiding): string {
  return text.replace(
    QUOTED,
    (all: string, name: string, equals: string, double?: string, single?: string) => {
      const value = double ?? single ?? '';
      if (!hiding.isSecretName(name)) return all;
      const quote = double === undefined ? "'" : '"';
      return `${name}${equals}${quote}${hideNamed(value, name, hiding)}${quote}`;
    },
  );
}

function hidePairs(text: string, hiding: Hiding, depth: number): string {
  return text.replace(PARAMETER, (all: string, raw: string, value: string) => {
    const name = decodedForm(raw) ?? raw;
    if (hiding.isSecretName(name)) return `${raw}=${hideParameter(value, name, hiding)}`;
    const within = /%[\da-f]{2}/i.test(value) ? decodedForm(value) : undefined;
    if (within === undefined) return all;
    const hidden = hideInText(within, hiding, depth + 1);
    return hidden === within ? all : `${raw}=${encodeURIComponent(hidden)}`;
  });
}

/** `x-api-key: abc` in a text. After a plain word (`the key: …`) only something that is not a word. */
function hideFields(text: string, hiding: Hiding): string {
  if (!text.includes(':')) return text;
  let result = '';
  let done = 0;
  for (const { index, 0: field, 1: name = '' } of text.matchAll(FIELD)) {
    const from = index + field.length;
    if (from < done || !hiding.isSecretName(name.toLowerCase() === 'cookie' ? 'token' : name)) continue;
    const isWhole = /^(?:proxy-)?authorization$|^(?:set-)?cookie$/i.test(name);
    const isCompound = /[-_]|[a-z][A-Z]/.test(name);
    const value = valueAt(text, from, isWhole ? LINE : isCompound ? WORD : SIMPLE_WORD);
    const isTelling = isWhole || isCompound ? value.length >= 4 : isRandom(value);
    if (!isTelling || PLACEHOLDER.test(value.replace(/^\w+\s+/, ''))) continue;
    const hidden = isWhole ? hideInHeader(name.toLowerCase(), value, hiding) : hideNamed(value, name, hiding);
    result += text.slice(done, from) + hidden;
    done = from + value.length;
  }
  return result + text.slice(done);
}

const LINE = /(?:="[^"\r\n]{0,1024}"|[^\r\n"']){0,8192}/y;
/** Used in documents in place of a value. */
const PLACEHOLDER = /^[<{*…]/;
const WORD = /(?:(?:bearer|basic|apikey|token)[ \t]{1,4})?[^\s"',;]{0,8192}/iy;
/** Not a field that follows: `error: key: …`. */
const SIMPLE_WORD = /[^\s\"',;:]{0,8192}/y;

function valueAt(text: string, from: number, pattern: RegExp): string {
  pattern.lastIndex = from;
  return (pattern.exec(text)?.[0] ?? '').trimEnd();
}
