import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { serverUrls } from '../mock-server/addresses.ts';
import { messageOf } from '../runtime/errors.ts';
import { failureOf, told } from '../runtime/network/unreachable.ts';
import { inEnvironment } from './environment.ts';
import { asText, one, readAll, toggle } from './flag.ts';
import { say } from './terminal.ts';
import { asPort } from './values.ts';

// A program that ends with 0 if the fake that the variables of `serve` describe is healthy, and otherwise with 1. The
// container runs it every few seconds, so it loads no more than it needs.

const LONGEST_ANSWER_MS = 2000;

/** The flags of `serve` that decide where it listens. */
const FLAGS = inEnvironment({
  port: one('', asPort, { default: '8080' }),
  host: one('', asText, { default: '127.0.0.1' }),
  tls: toggle(''),
  cert: one('', asText),
});

function isHealthy(): Promise<boolean> {
  const { port, host, tls, cert } = readAll(FLAGS, {});
  const isSecure = tls || cert !== undefined;
  const url = `${serverUrls(isSecure, host, port).control}/health`;
  return new Promise((resolve, reject) => {
    // The certificate may be one that the fake made for itself. The request only asks for health and sends no secrets.
    const options = { rejectUnauthorized: false, timeout: LONGEST_ANSWER_MS };
    const request = (isSecure ? getSecure : getPlain)(url, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${LONGEST_ANSWER_MS} ms`)));
    request.on('error', (error) => reject(new Error(told(failureOf(error), url))));
  });
}

try {
  process.exitCode = (await isHealthy()) ? 0 : 1;
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}
