/** Gives the stand-in for a secret, and remembers the secret. */
export type Hide = (secret: string) => string;

/** Names of query parameters and JSON fields, without case, `-` and `_`. The rest are those of signed URLs. */
const NAMES = new Set([
  ...[
    'token',
    'key',
    'apikey',
    'accesstoken',
    'refreshtoken',
    'idtoken',
    'clientsecret',
    'secret',
    'password',
  ],
  ...['sig', 'signature', 'xamzsignature', 'xamzcredential', 'xamzsecuritytoken', 'xgoogsignature'],
]);

/** The same names where they stand in a text. */
const NAME =
  '(?:token|key|api[-_]?key|(?:access|refresh|id)[-_]?token|client[-_]?secret|secret|password|sig|signature|x-amz-(?:signature|credential|security-token)|x-goog-signature)';

const IN_QUERY = new RegExp(`([?&;]${NAME}=)([^&#\\s"'<>\\\\]+)`, 'gi');
const IN_FORM = new RegExp(`(^${NAME}=)([^&#\\s"'<>\\\\]+)`, 'gi');
const IN_PATH = /(\/v\d+\/+client\/+)([^/?#\s"'<>\\]+)/gi;
/** A string that the end of the text cuts off counts as well. */
const IN_JSON = new RegExp(
  `("${NAME}"\\s{0,64}:\\s{0,64})(?:"((?:[^"\\\\]|\\\\.)*)("|$)|(-?\\d[\\d.eE+-]*))`,
  'gis',
);
const MAY_BE_JSON_WITH_SECRET = /key|token|secret|password|sig|\\u/i;

function isSecretName(name: string): boolean {
  return NAMES.has(name.toLowerCase().replace(/[-_]/g, ''));
}

/** Path and query of a request, as sent. What is no secret keeps its bytes. */
export function hideInTarget(target: string, hide: Hide): string {
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const placed = path.replace(
    /(\/v\d+\/+client\/+)([^/]+)/gi,
    (_all, before: string, token: string) => `${before}${hidePart(token, hide)}`,
  );
  if (question < 0) return placed;
  const pairs = target.slice(question + 1).split('&');
  return `${placed}?${pairs.map((pair) => hideInPair(pair, hide)).join('&')}`;
}

function hideInPair(pair: string, hide: Hide): string {
  const equals = pair.indexOf('=');
  if (equals < 0) return pair;
  const name = decode(pair.slice(0, equals)) ?? '';
  const value = pair.slice(equals + 1);
  if (isSecretName(name)) return `${pair.slice(0, equals + 1)}${hidePart(value, hide)}`;
  if (name.toLowerCase() !== 'url') return pair;
  const url = decode(value);
  if (url === undefined) return `${pair.slice(0, equals + 1)}${hide(value)}`;
  const placed = hideInUrl(url, hide);
  return placed === url ? pair : `${pair.slice(0, equals + 1)}${encodeURIComponent(placed)}`;
}

/** The URL of stream mode: who may read it is said by its user info, its query, and nothing else that we know of. */
function hideInUrl(url: string, hide: Hide): string {
  const [, start = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? [];
  const all = (part: string) => {
    if (part === '') return '';
    const pairs = part.slice(1).split('&');
    return `${part.charAt(0)}${pairs.map((pair) => hideValue(pair, hide)).join('&')}`;
  };
  const user = start.replace(/^([^/]*\/\/)([^/]*)@/, (_all, scheme: string, info: string) => {
    return `${scheme}${info
      .split(':')
      .map((part) => hidePart(part, hide))
      .join(':')}@`;
  });
  return `${user}${all(query)}${all(fragment)}`;
}

function hideValue(pair: string, hide: Hide): string {
  const from = pair.indexOf('=') + 1;
  return `${pair.slice(0, from)}${hidePart(pair.slice(from), hide)}`;
}

/** A percent-encoded part of a URL. An empty one stays: that nothing was sent is no secret. */
function hidePart(part: string, hide: Hide): string {
  return part === '' ? '' : hide(decode(part) ?? part);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return undefined;
  }
}

const SCHEMES = new Set(['apikey', 'bearer', 'basic', 'token', 'digest', 'negotiate']);
/** `x-api-key`, `x-zoom-s2t-key`, `x-understudy-token`, and what others call theirs. */
const SECRET_HEADER = /(?:^|-)(?:key|token|secret|password)$|^x-amz-signature$/;

/** The value of a header, by the header's name in lower case. */
export function hideInHeader(name: string, value: string, hide: Hide): string {
  switch (name) {
    case 'sec-websocket-key':
      // A nonce.
      return value;
    case 'authorization':
    case 'proxy-authorization':
      return hideCredentials(value, hide);
    case 'sec-websocket-protocol':
      return hideInProtocols(value, hide);
    case 'cookie':
      return value.replace(/([^;=\s]+\s*=\s*)([^;]*)/g, (_all, before: string, cookie: string) => {
        return `${before}${hidePart(cookie.trim(), hide)}`;
      });
    case 'set-cookie':
      return value.replace(/^([^;=]*=\s*)([^;]*)/, (_all, before: string, cookie: string) => {
        return `${before}${hidePart(cookie.trim(), hide)}`;
      });
    default:
      return SECRET_HEADER.test(name) ? hideWords(value, hide) : hideInText(value, hide);
  }
}

function hideCredentials(value: string, hide: Hide): string {
  const [, scheme = '', gap = '', rest = ''] = /^\s*(\S+)(\s*)(.*)$/s.exec(value) ?? [];
  if (rest === '') return SCHEMES.has(scheme.toLowerCase()) ? value : hideWords(value, hide);
  const standIn = hideWords(rest, hide);
  if (scheme.toLowerCase() === 'basic' && standIn !== rest.trim()) {
    const pair = Buffer.from(rest, 'base64').toString();
    hide(pair);
    hide(pair.slice(pair.indexOf(':') + 1));
  }
  return `${scheme}${gap}${standIn}`;
}

/** Headers that were sent twice arrive as one, with commas: each part is a secret, too. */
function hideWords(value: string, hide: Hide): string {
  const secret = value.trim();
  if (secret === '') return value;
  const standIn = hide(secret);
  const parts = secret.split(/[\s,;]+/).filter((part) => part.length >= 8 && part !== secret);
  for (const part of parts.slice(0, 16)) hide(part.replace(/^[\w-]+="?(.*?)"?$/, '$1'));
  return standIn;
}

/** `bearer, TOKEN`: what follows the name of a scheme is the secret. */
function hideInProtocols(value: string, hide: Hide): string {
  let follows = false;
  return value.replace(/[^,\s]+/g, (item) => {
    if (follows) return hidePart(item, hide);
    follows = SCHEMES.has(item.toLowerCase());
    return item;
  });
}

/** A message, a body, a line of a log: JSON fields, query parameters and paths that are known to hold secrets. */
export function hideInText(text: string, hide: Hide): string {
  if (MAY_BE_JSON_WITH_SECRET.test(text)) for (const secret of secretsOfJson(text, 0)) hide(secret);
  const inPlace = (_all: string, before: string, value: string) => `${before}${hidePart(value, hide)}`;
  return text
    .replace(IN_PATH, inPlace)
    .replace(IN_JSON, (all: string, before: string, string?: string, end?: string, number?: string) => {
      if (number !== undefined) return `${before}"${hide(number)}"`;
      if (string === undefined || string === '') return all;
      return `${before}"${hide(unescaped(string))}${end ?? ''}`;
    })
    .replace(IN_QUERY, inPlace)
    .replace(IN_FORM, inPlace);
}

function unescaped(string: string): string {
  try {
    return String(JSON.parse(`"${string}"`));
  } catch {
    return string;
  }
}

const DEEPEST_JSON = 4;
/** A message with more values than this is not looked through to its end; what stands beside a name is still seen. */
const MOST_VALUES = 100_000;

/** What lies below a telling name, however deep, also in JSON that is a string in JSON. */
function secretsOfJson(text: string, depth: number): readonly string[] {
  if (depth > DEEPEST_JSON || !/^\s*[[{]/.test(text)) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  const found: string[] = [];
  const left: { readonly value: unknown; readonly isSecret: boolean }[] = [
    { value: parsed, isSecret: false },
  ];
  for (let count = 0; count < MOST_VALUES; count++) {
    const next = left.pop();
    if (next === undefined) break;
    const { value, isSecret } = next;
    if (typeof value === 'object' && value !== null) {
      for (const [name, below] of Object.entries(value)) {
        left.push({ value: below, isSecret: isSecret || (!Array.isArray(value) && isSecretName(name)) });
      }
    } else if (isSecret && (typeof value === 'string' || typeof value === 'number'))
      found.push(String(value));
    else if (typeof value === 'string') found.push(...secretsOfJson(value, depth + 1));
  }
  return found;
}
