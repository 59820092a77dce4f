import { describe, expect, it } from 'vitest';
import {
  argumentsFor,
  environmentFor,
  secretsOf,
  type ClientValues,
} from '../../../../src/conformance/client/program/command.ts';

const VALUES: ClientValues = {
  url: 'ws://127.0.0.1:1/v2/realtime',
  baseUrl: 'ws://127.0.0.1:1',
  apiUrl: 'http://127.0.0.1:1/api/v4/realtime',
  token: 'the-{url}-token',
  audio: '/a b.wav',
  language: 'en',
  streamUrl: 'http://127.0.0.1:2/a.mp3',
  scenario: 'happy-path',
};

describe('an argument', () => {
  it.each([
    ['{url}', VALUES.url],
    ['{api}/status', `${VALUES.apiUrl}/status`],
    // A value that is inserted is not expanded again.
    ['--token={token}', '--token=the-{url}-token'],
    ['{audio}', '/a b.wav'],
    ['{language}-{language}', 'en-en'],
    ['{stream-url}', 'http://127.0.0.1:2/a.mp3'],
    [
      '{scenario} {streamUrl} {URL} { url } {} {{url}} {constructor}',
      `{scenario} {streamUrl} {URL} { url } {} {${VALUES.url}} {constructor}`,
    ],
    ['{"a":"{token}"}', '{"a":"the-{url}-token"}'],
    ['$& $1 plain', '$& $1 plain'],
  ])('"%s" becomes "%s"', (argument, expected) => {
    expect(argumentsFor([argument], VALUES)).toEqual([expected]);
  });

  it('is left unchanged when there is no value for it', () => {
    const { streamUrl = '', ...values } = VALUES;

    expect(streamUrl).not.toBe('');
    expect(argumentsFor(['{stream-url}', '{url}'], values)).toEqual(['{stream-url}', VALUES.url]);
    expect(environmentFor({}, values)).not.toHaveProperty('UNDERSTUDY_STREAM_URL');
  });
});

it('the environment is the inherited one, with our variables replaced by the values', () => {
  const inherited = {
    PATH: '/bin',
    NOTHING: undefined,
    UNDERSTUDY_ADMIN_TOKEN: 'real',
    UNDERSTUDY_TOKEN: 'real',
    understudy_key: 'real',
  };

  expect(environmentFor(inherited, VALUES)).toEqual({
    PATH: '/bin',
    UNDERSTUDY_URL: VALUES.url,
    UNDERSTUDY_BASE_URL: VALUES.baseUrl,
    UNDERSTUDY_API_URL: VALUES.apiUrl,
    UNDERSTUDY_TOKEN: VALUES.token,
    UNDERSTUDY_AUDIO: VALUES.audio,
    UNDERSTUDY_LANGUAGE: VALUES.language,
    UNDERSTUDY_STREAM_URL: VALUES.streamUrl,
    UNDERSTUDY_SCENARIO: VALUES.scenario,
  });
});

it('the secrets of an environment are the long values of variables whose names say so', () => {
  const environment = {
    API_KEY: 'long-enough-1',
    npm_token: 'long-enough-2',
    PASSWORD: 'long-enough-3',
    AWS_SECRET: 'short',
    KEYBOARD: 'long-enough-4',
    TOKENS_DIR: '/a/folder/of/tokens',
    MY_TOKEN: undefined,
  };
  expect(secretsOf(environment)).toEqual(['long-enough-1', 'long-enough-2', 'long-enough-3']);
});
