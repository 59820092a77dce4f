import { withoutTrailing } from '../../runtime/trailing.ts';
import type { Hiding } from './hiding.ts';
import { holdingAny } from './holding.ts';

/** The schemes of `Authorization`, and other words that precede a credential in a sentence of a log. */
const SCHEMES = new Set(['apikey', 'api-key', 'bearer', 'basic', 'token', 'digest', 'negotiate', 'key']);

/** Whether a word is a scheme of `Authorization`, or precedes credentials in a sentence. */
export function isScheme(word: string): boolean {
  return SCHEMES.has(word.toLowerCase());
}

// Every pattern either matches wherever it has run far, or cannot start again within what it has passed: a megabyte of
// text designed against it takes no longer than any other.
const AFTER_SCHEME =
  /(?<![\w-])(bearer|basic|api-?key|token|digest|negotiate|key)((?:\s|%20|\+|\\[nrt]){1,4})([\w.~+/=%-]{6,})/gi;
const JWT = /eyJ[\w-]{6,}(?:(?:\.|%2e)[\w-]+)*/gi;
/** A JWT whose JSON begins with a space or a line break. */
const SPACED_JWT = /(?<![\w-])(?:eyA|eyI|ewo|ewk|ewog)[\w-]{6,}(?:(?:\.|%2e)[\w-]+){2,4}/g;
/** Keys in a vendor's own form, which are found wherever they are. */
const VENDORS = new RegExp(
  [
    ...['sk-[\\w-]{16,}', '(?:sk|pk|rk)_(?:live|test)_\\w{8,}', 'gh[pousr]_\\w{16,}', 'github_pat_\\w{16,}'],
    ...['glpat-[\\w-]{16,}', 'xox[abeoprs]-[\\w-]{10,}', 'A[KS]IA[A-Z\\d]{16}', 'AIza[\\w-]{30,}'],
    ...['ya29\\.[\\w.-]{16,}', 'npm_\\w{20,}', 'hf_\\w{16,}', 'SG\\.[\\w-]{16,}\\.[\\w-]{16,}'],
  ]
    .map((form) => `(?<![\\w-])${form}`)
    .join('|'),
  'g',
);
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]{0,16384}(?:-----END [A-Z ]{0,40}-----)?/g;

// Every text that one of the patterns matches contains one of these words; a word with a capital in exactly this case.
const SCHEME_WORDS = ['bearer', 'basic', 'digest', 'negotiate', 'token', 'key'];
const JWT_WORDS = ['eyJ', 'eyA', 'eyI', 'ewo', 'ewk'];
const VENDOR_WORDS = [
  ...['sk-', 'sk_', 'pk_', 'rk_', 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat', 'glpat', 'xox'],
  ...['AKIA', 'ASIA', 'AIza', 'ya29', 'npm_', 'hf_', 'SG.'],
];
const PRIVATE_KEY_WORD = '-----BEGIN';

/** Every text with such a form contains one of these words, in any case; a word with a capital in exactly this case. */
export const FORM_WORDS: readonly string[] = [
  ...SCHEME_WORDS,
  ...JWT_WORDS,
  ...VENDOR_WORDS,
  PRIVATE_KEY_WORD,
];

const mayHoldScheme = holdingAny(SCHEME_WORDS);
const mayHoldJwt = holdingAny(JWT_WORDS);
const mayHoldVendors = holdingAny(VENDOR_WORDS);

/** Hides secrets that are known by their form, wherever they are. Other words stay, even after "bearer" and "basic". */
export function hideForms(text: string, { hide }: Hiding): string {
  // Searching for words takes a small part of the time of a pattern, and most texts contain none of them.
  let hidden = text;
  if (hidden.includes(PRIVATE_KEY_WORD)) hidden = hidden.replace(PRIVATE_KEY, (key) => hide(key));
  if (mayHoldScheme(hidden)) hidden = hideAfterSchemes(hidden, hide);
  if (mayHoldJwt(hidden)) hidden = hideJwts(hidden, hide);
  return mayHoldVendors(hidden) ? hidden.replace(VENDORS, (all) => hide(all)) : hidden;
}

function hideAfterSchemes(text: string, hide: Hiding['hide']): string {
  return text.replace(AFTER_SCHEME, (all: string, scheme: string, gap: string, word: string) => {
    const credential = withoutTrailing(word, '.');
    const rest = word.slice(credential.length);
    return isCredential(scheme, credential)
      ? `${scheme}${gap}${hideScheme(scheme, credential, hide)}${rest}`
      : all;
  });
}

function hideJwts(text: string, hide: Hiding['hide']): string {
  return text
    .replace(JWT, (all: string, at: number, whole: string) => {
      // Within base64, which may be audio, three letters mean nothing.
      const isBegun = at === 0 || !/[A-Za-z\d+/]/.test(whole.charAt(at - 1));
      return /^eyJ/.test(all) && (isBegun || all.includes('.')) ? hide(all.replace(/%2e/gi, '.')) : all;
    })
    .replace(SPACED_JWT, (all) => hide(all));
}

/** `Bearer abc`: the scheme stays, and what follows is the secret. Undefined for any other form. */
export function hideAfterScheme(value: string, hide: Hiding['hide']): string | undefined {
  const text = value.trimEnd();
  const after = value.slice(text.length);
  const [, before = '', scheme = '', gap = '', credential = ''] =
    /^(\s*)([\w-]{1,20})(\s+)(\S.*)$/s.exec(text) ?? [];
  if (!isScheme(scheme)) return undefined;
  return `${before}${scheme}${gap}${hideScheme(scheme, credential, hide)}${after}`;
}

/** However the base64 is written, the secrets are the decoded text and the password in it. */
function hideScheme(scheme: string, credential: string, hide: Hiding['hide']): string {
  const pair = scheme.toLowerCase() === 'basic' ? pairOf(credential) : undefined;
  if (pair === undefined) return hide(credential);
  const standIn = hide(pair);
  hide(pair.slice(pair.indexOf(':') + 1));
  return standIn;
}

function pairOf(base64: string): string | undefined {
  if (!/^[\w+/-]{4,}={0,2}$/.test(base64)) return undefined;
  const pair = Buffer.from(base64, 'base64').toString();
  return /^[^\p{Cc}\ufffd:]*:[^\p{Cc}\ufffd]*$/u.test(pair) ? pair : undefined;
}

/** Whether the word after a scheme is a credential: people also write about bearers and basics. */
function isCredential(scheme: string, word: string): boolean {
  if (scheme.toLowerCase() === 'basic' && pairOf(word) !== undefined) return true;
  return word.length >= 12 && isRandom(word);
}

/** Neither a word nor a number: letters with digits between them, or mixed case as in base64. */
export function isRandom(word: string): boolean {
  if (/^[\d.,:/%+-]*$|^\d{4}-\d\d-\d\d/.test(word)) return false;
  const hasDigits =
    /\d/.test(word) && /[a-z]/i.test(word) && !/^\d{0,4}(?:st|nd|rd|th)?-?[a-z]+-?\d{0,2}$/i.test(word);
  return (
    (word.length >= 16 && hasDigits) ||
    (hasDigits && /\d[a-z]+\d|[a-z]\d+[a-z]/i.test(word)) ||
    flips(word) >= 2
  );
}

function flips(word: string): number {
  return word.match(/[a-z](?=[A-Z])/g)?.length ?? 0;
}
