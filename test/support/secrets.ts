/** A secret in the forms in which it could be written somewhere, by the names of the forms. */
export function encodingsOf(secret: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(secret);
  const percent = encodeURIComponent(secret);
  return new Map([
    ['plain', secret],
    ['percent', percent],
    ['percent, small letters', percent.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())],
    ['form', new URLSearchParams([['', secret]]).toString().slice(1)],
    ['percent, twice', encodeURIComponent(percent)],
    ['base64', bytes.toString('base64').replace(/=+$/, '')],
    ['base64url', bytes.toString('base64url')],
    ['hex', bytes.toString('hex')],
    ['HTML', secret.replaceAll('&', '&amp;')],
    ['HTML with numbers', secret.replace(/[^\w ]/g, (letter) => `&#${letter.charCodeAt(0)};`)],
    ['JSON', JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
    ['reversed', Array.from(secret).reverse().join('')],
  ]);
}
