import { describe, expect, it } from 'vitest';
import { newRedactor } from '../../../src/wire/redact/redact.ts';

const part = (value: string) => Buffer.from(value).toString('base64url');
const JWT = `${part('{"alg":"HS256"}')}.${part('{"sub":"left-in"}')}.${part('left-in')}`;
const BASIC = Buffer.from('me:left-in').toString('base64');

// Credentials were looked for under a list of names. Those in other places, or with other names, were written to files.
describe('a secret is known by its form and by its name', () => {
  it.each([
    ['Bearer left-in-message-0003', 'Bearer redacted-1'],
    ['bearer abc123xyz9', 'bearer redacted-1'],
    [
      '{"action":"start","authorization":"Bearer left-in"}',
      '{"action":"start","authorization":"Bearer redacted-1"}',
    ],
    ['{"headers":{"Authorization":"Bearer left-in"}}', '{"headers":{"Authorization":"Bearer redacted-1"}}'],
    [
      '{"headers":[{"name":"X-Api-Key","value":"left-in"}]}',
      '{"headers":[{"name":"X-Api-Key","value":"redacted-1"}]}',
    ],
    [`{"x":"${JWT}"}`, '{"x":"redacted-1"}'],
    [`see ${JWT}.`, 'see redacted-1.'],
    [`{"a":[{"b":{"c":"it was ${JWT}!"}}]}`, '{"a":[{"b":{"c":"it was redacted-1!"}}]}'],
    [`Basic ${BASIC}`, 'Basic redacted-1'],
    [`it sent Basic ${BASIC} to me`, 'it sent Basic redacted-1 to me'],
    ['ApiKey 0123abcd4567efgh', 'ApiKey redacted-1'],
    [
      JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ session_token: 'ab' }) }) }),
      JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ session_token: 'redacted-1' }) }) }),
    ],
    [
      'grant_type=x&client_secret=left+in&password=left%2Din',
      'grant_type=x&client_secret=redacted-1&password=redacted-2',
    ],
    ['{"body":"a=1&session_token=left-in"}', '{"body":"a=1&session_token=redacted-1"}'],
    ['GET /x?next=https%3A%2F%2Fh%2F%3Fsig%3Dleft-in', 'GET /x?next=https%3A%2F%2Fh%2F%3Fsig%3Dredacted-1'],
    ['https://me:left-in@h/x', 'https://redacted-1:redacted-2@h/x'],
    ['{"url":"wss:\\/\\/me:left-in@h"}', '{"url":"wss://redacted-1:redacted-2@h"}'],
    [
      'Endpoint=sb://h/;SharedAccessKeyName=all;SharedAccessKey=left=',
      'Endpoint=sb://h/;SharedAccessKeyName=all;SharedAccessKey=redacted-1',
    ],
    ['https://h/a.mp3?sv=1&se=2&sig=left%2Bin%3D&sp=r', 'https://h/a.mp3?sv=1&se=2&sig=redacted-1&sp=r'],
    ['Authorization: Digest username="me", response="left-in"', 'Authorization: Digest redacted-1'],
    [
      'curl -H \'X-Api-Key: left-in\' -H "Cookie: a=left-2" wss://h',
      'curl -H \'X-Api-Key: redacted-1\' -H "Cookie: a=redacted-2" wss://h',
    ],
    ['subscription-key: left-in', 'subscription-key: redacted-1'],
    ['the key is sk-abcdefghij0123456789 now', 'the key is redacted-1 now'],
    [
      '{"text":"-----BEGIN PRIVATE KEY-----\\nMIIleftin\\n-----END PRIVATE KEY-----"}',
      '{"text":"redacted-1"}',
    ],
    ['{"jwt":{"raw":["left-in",5]}}', '{"jwt":{"raw":["redacted-1","redacted-2"]}}'],
  ])('%s', (given, expected) => {
    const redactor = newRedactor();
    expect(redactor.text(given)).toBe(expected);
    expect(redactor.text(expected)).toBe(expected);
  });

  it.each([
    ...[
      'session_token',
      'sessionToken',
      'SESSION-TOKEN',
      'session.token',
      'subscription-key',
      'subscriptionKey',
    ],
    ...[
      'Ocp-Apim-Subscription-Key',
      'x-auth',
      'X-Auth',
      'x_auth',
      'access_token',
      'accesstoken',
      'client_secret',
    ],
    ...[
      'CLIENTSECRET',
      'password',
      'Pass-Phrase'.replace('-P', 'p'),
      'pwd',
      'jwt',
      'refreshToken',
      'X-Amz-Security-Token',
    ],
    ...[
      'apiKey',
      'API_KEY',
      'AccountKey',
      'credential',
      'Proxy-Authorization',
      'x-goog-signature',
      'id_token',
    ],
  ])('a value with the name %s is one, in a message, a header, a query and a form', (name) => {
    const redactor = newRedactor();
    const { target, headers, body } = redactor.request({
      kind: 'request',
      method: 'POST',
      target: `/x?a=1&${encodeURIComponent(name)}=left-in-1`,
      headers: { [name]: 'left-in-2' },
      body: `${encodeURIComponent(name)}=left-in-3&b=1`,
    });
    const message = redactor.text(JSON.stringify({ a: [{ [name]: 'left-in-4' }] }));

    expect(JSON.stringify({ target, headers, body, message })).not.toContain('left-in');
  });

  it.each([
    ['an attribute', '<session id="1" token="left-in-1"/>', '<session id="1" token="redacted-1"/>'],
    ['a setting in quotes', "api_key = 'left-in-1', retries = '3'", "api_key = 'redacted-1', retries = '3'"],
    ['an element', '<a><token>left-in-1</token><id>7</id></a>', '<a><token>redacted-1</token><id>7</id></a>'],
    [
      'an element with a prefix and attributes',
      '<wsse:Password Type="text">left-in-1</wsse:Password>',
      '<wsse:Password Type="text">redacted-1</wsse:Password>',
    ],
    [
      'an element with CDATA',
      '<clientSecret><![CDATA[left-in-1]]></clientSecret>',
      '<clientSecret><![CDATA[redacted-1]]></clientSecret>',
    ],
  ])('is replaced in %s, both in a text and in a message', (_what, text, hidden) => {
    expect(newRedactor().text(text)).toBe(hidden);
    expect(newRedactor().text(JSON.stringify({ note: text }))).toBe(JSON.stringify({ note: hidden }));
  });

  it('is not a value with another name, nor one that says that there is none', () => {
    for (const text of [
      '<b class="token-list">left-in</b>',
      'kind="left-in"',
      '<tokens>12</tokens>',
      'auth="none"',
    ])
      expect(newRedactor().text(text)).toBe(text);
  });

  it('is also known by other names if they are given', () => {
    const redactor = newRedactor({ names: ['Tenant-Pin'] });
    const { target, headers } = redactor.request({
      kind: 'request',
      method: 'GET',
      target: '/x?tenantpin=left-in-1',
      headers: { 'tenant-pin': 'left-in-2' },
    });
    const texts = ['{"tenant_pin":"left-in-3"}', '{"a":{"tenantPin":12}}', 'tenant.pin=left-in-4'].map(
      redactor.text,
    );

    expect({ target, headers, texts }).toEqual({
      target: '/x?tenantpin=redacted-1',
      headers: { 'tenant-pin': 'redacted-2' },
      texts: ['{"tenant_pin":"redacted-3"}', '{"a":{"tenantPin":"redacted-4"}}', 'tenant.pin=redacted-5'],
    });
  });

  it('is replaced in a binary message that is text', () => {
    const bytes = Buffer.from(`{"authorization":"Bearer left-in"}`);
    const fact = {
      kind: 'binary',
      from: 'client',
      byteCount: bytes.length,
      base64: bytes.toString('base64'),
    } as const;
    const clean = Buffer.from('{"authorization":"Bearer redacted-1"}').toString('base64');

    expect(newRedactor().fact(fact)).toEqual({ ...fact, base64: clean });
  });
});

describe('text that is not a secret stays', () => {
  it.each([
    '{"type":"final","text":"the bearer of bad news pays basic rates","words":[{"text":"bearer","start":1.5}]}',
    '{"text":"Basic JavaScript"}',
    '{"text":"basic training"}',
    '{"text":"Bearer certificates of 2024 were issued"}',
    '{"text":"Basic COVID-19 measures apply"}',
    '{"text":"the token ring network and the key Mississippi-river-delta"}',
    '{"text":"basic 24-hour service, bearer authentication-required, token 2024-11-04T10:00:00"}',
    '{"text":"www.example.com, e.g. v1.2.3.4 and realtime.example.co.uk"}',
    '{"text":"say the password: please, and the secret: none"}',
    '{"text":"me@example.com wrote to you@example.org: hello"}',
    '{"tokens":["the","cat"],"max_tokens":5,"token_type":"Bearer","keyboard":"qwerty","monkeys":"two"}',
    '{"auth":"none","authorization":"required","credentials":{"type":"bearer"}}',
    '{"type":"flush_confirmation","id":"5f0c1b1e-8f2d-4d9e-9c0a-0b8a2d1f4c11"}',
    '{"session_id":"5f0c1b1e8f2d4d9e9c0a0b8a2d1f4c11","request_id":"abc123"}',
    'Bearer realm="speech", error="invalid_token", error_description="The access token expired"',
    '{"message":"Invalid token","code":401}',
    '{"message":"Bearer authorization is required: send Authorization: Bearer <token>"}',
  ])('%s', (given) => {
    expect(newRedactor().text(given)).toBe(given);
  });

  it.each([
    [
      'text',
      '{"type":"transcript","text":"a text","texts":1}',
      '{"type":"transcript","text":"a redacted-1","texts":1}',
    ],
    [
      '1234',
      '{"start_ms":1234,"end_ms":51234,"text":"room 1234"}',
      '{"start_ms":1234,"end_ms":51234,"text":"room redacted-1"}',
    ],
    ['true', '{"is_final":true,"text":"untrue"}', '{"is_final":true,"text":"untrue"}'],
    ['1234567890', '{"account":1234567890}', '{"account":"redacted-1"}'],
    [
      'ab',
      '{"text":"ab initio","error":"unknown token ab"}',
      '{"text":"ab initio","error":"unknown token redacted-1"}',
    ],
  ])('a message with the plain token %s can still be judged', (token, given, expected) => {
    const redactor = newRedactor();
    redactor.learn(token);

    expect(redactor.text(given)).toBe(expected);
    expect(redactor.leaks(redactor.text(given))).toBe(false);
  });

  it('keeps the nonce and the answer of a handshake', () => {
    const headers = {
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    };
    expect(newRedactor().fact({ kind: 'response', status: 101, headers })).toMatchObject({ headers });
  });
});

describe('a text that was made to take long to search', () => {
  const MEBI = 2 ** 20;
  it.each([
    ['eyJ'],
    ['eyA.'],
    ['bearer '],
    ['Basic a'],
    ['https://a:'],
    ['token='],
    ['a-'],
    ['key:'],
    ['%25'],
    ['=;a'],
    ['[{"token":'],
    ['{"a":"\\"'],
    ['\\\\"'],
    ['-----BEGIN PRIVATE KEY-----'],
    ['authorization: '],
    ['/v2/client/'],
    ['"name":"token",'],
    ['xoxb-'],
  ])('takes time in proportion to its length: %s', (unit) => {
    const costOf = (length: number) => {
      const texts = [unit.repeat(length / unit.length), `{"text":"${unit.repeat(length / unit.length)}`];
      const before = process.cpuUsage();
      for (const text of texts) newRedactor().text(text);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    costOf(MEBI / 64);
    const [small, large] = [costOf(MEBI / 32), costOf(MEBI / 4)];

    // Eight times as long takes 64 times as long if every place is looked at from every other one.
    expect(large / Math.max(small, 20_000)).toBeLessThan(32);
  });
});
