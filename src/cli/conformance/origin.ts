import { wrongPort } from '../../runtime/network/authority.ts';
import { UserError } from '../../runtime/errors.ts';

/** An origin with one of these protocols. @throws UserError */
export function asOrigin(protocols: readonly string[]): (text: string) => string {
  const expected = `expected an origin such as ${protocols[0] ?? ''}//127.0.0.1:8080`;
  return (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !protocols.includes(url.protocol)) {
      throw new UserError(`${expected}, ${protocols.map((each) => `${each}//`).join(' or ')} first`);
    }
    const wrong = wrongPort(text);
    if (wrong !== undefined) throw new UserError(`${expected}; ${wrong}`);
    // It may hold a credential, so it is not repeated.
    if (url.username !== '' || url.password !== '') {
      throw new UserError(`${expected}, without user and password`);
    }
    if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
      throw new UserError(`${expected}, without a path: the runner adds the documented ones`);
    }
    // Reports contain commands to be pasted into a shell.
    if (!/^[\w.:[\]-]+$/.test(url.host)) throw new UserError(`${expected}, got an invalid host name`);
    return url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin;
  };
}
