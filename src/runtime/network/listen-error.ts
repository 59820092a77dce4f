import { codeOf, UserError } from '../errors.ts';

/** What is wrong with the options `port` and `host` of a server that cannot listen there; other errors are unchanged. */
export function listenError(error: Error, port: number, host: string): Error {
  const code = codeOf(error);
  switch (code) {
    case 'EADDRINUSE':
    case 'EACCES': {
      const why = code === 'EACCES' ? 'listening there is not permitted' : 'the port is in use';
      return new UserError(`${why}; port 0 takes a free one`, { option: 'port', value: String(port), code });
    }
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new UserError('this machine has no such address; 127.0.0.1 is the default', {
        option: 'host',
        value: host,
      });
    default:
      return error;
  }
}
