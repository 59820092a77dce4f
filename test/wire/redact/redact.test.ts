import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newRedactor, redactAll, type Redactor } from '../../../src/wire/redact/redact.ts';
import { StandIns } from '../../../src/wire/redact/stand-ins.ts';
import type { TraceFact } from '../../../src/wire/trace.ts';

type Request = Extract<TraceFact, { kind: 'request' }>;

function request(target: string, headers: Record<string, string> = {}, body?: string): Request {
  return { kind: 'request', method: 'GET', target, headers, ...(body !== undefined && { body }) };
}

function text(text: string): TraceFact {
  return { kind: 'text', from: 'server', text };
}

describe('the places of a request', () => {
  it.each([
    ['/v2/realtime?token=s3cret-1&type=fast', '/v2/realtime?token=redacted-1&type=fast'],
    ['/v2/realtime?TOKEN=s3cret-1', '/v2/realtime?TOKEN=redacted-1'],
    [
      '/x?key=s3cret-1&api_key=s3cret-2&api-key=s3cret-1',
      '/x?key=redacted-1&api_key=redacted-2&api-key=redacted-1',
    ],
    ['/x?access_token=a%2Fb%20c&%74oken=a/b+c', '/x?access_token=redacted-1&%74oken=redacted-1'],
    ['/x?token=a%2Fb&key=a%2fb&api-key=a/b', '/x?token=redacted-1&key=redacted-1&api-key=redacted-1'],
    ['/x?token=a%2Bb&key=a+b&api-key=a%20b', '/x?token=redacted-1&key=redacted-2&api-key=redacted-2'],
    ['/v2/client/a+b?token=a+b', '/v2/client/redacted-1?token=redacted-2'],
    ['/x?token=a%252Fb&key=a%2Fb', '/x?token=redacted-1&key=redacted-2'],
    ['/x?token=&language=nl', '/x?token=&language=nl'],
    ['/x?token', '/x?token'],
    ['/x?flag&token=part-1&part+2', '/x?flag&token=redacted-1&redacted-2'],
    ['/x?token=ab', '/x?token=redacted-1'],
    ['/x?token=%E0%A4%A', '/x?token=redacted-1'],
    ['/v2/client/s3cret-1', '/v2/client/redacted-1'],
    ['/v2/client/s3cret-1?language=en', '/v2/client/redacted-1?language=en'],
    ['//v2//client//s3cret-1?token=s3cret-1', '//v2//client//redacted-1?token=redacted-1'],
    ['/x?url=http%3A%2F%2Fh%2Fa.mp3', '/x?url=http%3A%2F%2Fh%2Fa.mp3'],
    [
      `/x?url=${encodeURIComponent('https://me:pass-word@h/a.mp3?sv=2024-11-04&sig=a%2Bb%3D&flag#t=frag')}&type=fast`,
      `/x?url=${encodeURIComponent('https://redacted-1:redacted-2@h/a.mp3?sv=redacted-3&sig=redacted-4&redacted-5#t=redacted-6')}&type=fast`,
    ],
    // A client that forgot to encode the URL sends the rest of its query as parameters of its own.
    [
      '/x?url=https://h/a.mp3?sv=1&sig=s3cret-1',
      '/x?url=https%3A%2F%2Fh%2Fa.mp3%3Fsv%3Dredacted-1&sig=redacted-2',
    ],
    ['/x?url=%zz', '/x?url=redacted-1'],
  ])('are redacted: %s becomes %s', (target, expected) => {
    expect(newRedactor().request(request(target)).target).toBe(expected);
  });

  it.each([
    ['x-zoom-s2t-key', 's3cret-1', 'redacted-1'],
    ['X-API-Key', ' s3cret-1 ', 'redacted-1'],
    ['api-key', 's3cret-1', 'redacted-1'],
    ['x-understudy-token', 's3cret-1', 'redacted-1'],
    ['x-functions-key', 's3cret-1', 'redacted-1'],
    ['authorization', 'ApiKey s3cret-1', 'ApiKey redacted-1'],
    ['authorization', 'Bearer  s3cret-1', 'Bearer  redacted-1'],
    ['authorization', 's3cret-1', 'redacted-1'],
    ['authorization', 'Bearer', 'Bearer'],
    ['proxy-authorization', 'Basic bWU6czNjcmV0LTE=', 'Basic redacted-1'],
    ['cookie', 'a=s3cret-1; b=s3cret-2', 'a=redacted-1; b=redacted-2'],
    ['cookie', 'flag; a = s3cret-1 ;=s3cret-2;', 'flag; a = redacted-1;=redacted-2;'],
    ['authorization', ' Bearer  s3cret-1 \t', ' Bearer  redacted-1 \t'],
    ['sec-websocket-protocol', 'bearer, s3cret-1', 'bearer, redacted-1'],
    ['sec-websocket-protocol', 'bearer,s3cret-1', 'bearer,redacted-1'],
    ['sec-websocket-protocol', 'bearer', 'bearer'],
    ['sec-websocket-protocol', 'v1, v2', 'v1, v2'],
    ['sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ==', 'dGhlIHNhbXBsZSBub25jZQ=='],
    ['referer', 'https://h/?token=s3cret-1', 'https://h/?token=redacted-1'],
    ['user-agent', 'node', 'node'],
  ])('are redacted: the header %s: %s becomes %s', (name, value, expected) => {
    expect(newRedactor().request(request('/', { [name]: value })).headers).toEqual({ [name]: expected });
  });

  it('are redacted also where a secret is learned only from a later place', () => {
    const { target, headers, body } = newRedactor().request(
      request(
        '/say?x=s3cret-1',
        { 'user-agent': 's3cret-1', 'x-api-key': 's3cret-1' },
        '{"said":"s3cret-1"}',
      ),
    );
    expect({ target, headers, body }).toEqual({
      target: '/say?x=redacted-1',
      headers: { 'user-agent': 'redacted-1', 'x-api-key': 'redacted-1' },
      body: '{"said":"redacted-1"}',
    });
  });

  it('include the password of Basic credentials', () => {
    const redactor = newRedactor();
    redactor.request(request('/', { authorization: 'Basic bWU6czNjcmV0LTE=' }));
    expect(redactor.leaks('it was s3cret-1')).toBe(true);
  });
});

describe('other text', () => {
  it.each([
    ['{"key":"s3cret-1","n":1}', '{"key":"redacted-1","n":1}'],
    ['{"Api_Key" : "s3\\"cret", "text":"s3\\"cret"}', '{"Api_Key" : "redacted-1", "text":"redacted-1"}'],
    ['{"password":12345678}', '{"password":"redacted-1"}'],
    ['{"\\u006bey":"s3cret-1"}', '{"\\u006bey":"redacted-1"}'],
    ['{"token":{"value":["s3cret-1"]}}', '{"token":{"value":["redacted-1"]}}'],
    ['{"token":"s3cret-cut', '{"token":"redacted-1'],
    ['{"text":"{\\"client_secret\\":\\"s3cret-1\\"}"}', '{"text":"{\\"client_secret\\":\\"redacted-1\\"}"}'],
    ['{"token":"","key":null}', '{"token":"","key":null}'],
    ['{"keyboard":"s3cret-1"}', '{"keyboard":"s3cret-1"}'],
    ['token=s3cret-1&type=fast', 'token=redacted-1&type=fast'],
    [
      'see wss://h/v2/client/s3cret-1?api-key=s3cret-2 now',
      'see wss://h/v2/client/redacted-1?api-key=redacted-2 now',
    ],
  ])('is redacted: %s becomes %s', (given, expected) => {
    expect(newRedactor().fact(text(given))).toEqual(text(expected));
    expect(newRedactor().text(given)).toBe(expected);
  });

  const SECRET = 'a/b+"c d-é';
  it.each([
    ['unencoded', SECRET],
    ['percent-encoded', encodeURIComponent(SECRET)],
    ['percent-encoded in small letters', encodeURIComponent(SECRET).toLowerCase()],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['percent-encoded without need', '%61/b%2B%22c+d-%C3%A9'],
    ['in a form', new URLSearchParams({ a: SECRET }).toString().slice(2)],
    ['in JSON', JSON.stringify(SECRET)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(SECRET))],
    ['in JSON that is ASCII', JSON.stringify(SECRET).replace('é', '\\u00E9').replaceAll('/', '\\/')],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64url', Buffer.from(SECRET).toString('base64url')],
    ['in base64 after a byte', Buffer.from(`u${SECRET}`).toString('base64')],
    ['in base64 within other text', Buffer.from(`me${SECRET}, you`).toString('base64')],
  ])('has a known secret replaced: %s', (_title, spelling) => {
    const redactor = newRedactor();
    redactor.learn(SECRET);

    expect(redactor.leaks(`<${spelling}>`)).toBe(true);
    expect(redactor.text(`<${spelling}>`)).toContain('redacted-1');
    expect(redactor.leaks(redactor.text(`<${spelling}>`))).toBe(false);
  });

  it('is redacted in the reason of a Close frame, a fault, and the body and headers of an answer', () => {
    const redactor = newRedactor();
    redactor.learn('s3cret-1');
    const facts: readonly TraceFact[] = [
      { kind: 'close', from: 'server', code: 1008, reason: 'no s3cret-1' },
      { kind: 'fault', from: 'client', message: 'no s3cret-1' },
      {
        kind: 'response',
        status: 401,
        headers: { 'x-a': 's3cret-1', 'set-cookie': 'id=fresh-one; Path=/' },
        body: 's3cret-1',
      },
    ];

    expect(facts.map((fact) => redactor.fact(fact))).toEqual([
      { kind: 'close', from: 'server', code: 1008, reason: 'no redacted-1' },
      { kind: 'fault', from: 'client', message: 'no redacted-1' },
      {
        kind: 'response',
        status: 401,
        headers: { 'x-a': 'redacted-1', 'set-cookie': 'id=redacted-2; Path=/' },
        body: 'redacted-1',
      },
    ]);
  });

  it('keeps its bytes only if they contain no secret', () => {
    const redactor = newRedactor();
    redactor.learn('s3cret-1');
    const binary = (content: string): TraceFact => ({
      kind: 'binary',
      from: 'client',
      byteCount: content.length,
      sha256: '0123456789abcdef',
      base64: Buffer.from(content, 'latin1').toString('base64'),
    });

    expect(redactor.fact(binary('\xff\xfes3cret-1\x80'))).toEqual({
      ...binary('\xff\xfes3cret-1\x80'),
      base64: undefined,
    });
    expect(redactor.fact(binary('\xff\xfeaudio\x80'))).toEqual(binary('\xff\xfeaudio\x80'));

    const ping: TraceFact = {
      kind: 'ping',
      from: 'client',
      base64: Buffer.from('s3cret-1!').toString('base64'),
    };
    expect(redactor.fact(ping)).toEqual({ ...ping, base64: Buffer.from('redacted-1!').toString('base64') });
  });

  it('is not changed by what is too short to be a secret', () => {
    const redactor = newRedactor();
    redactor.learn('abc');
    expect(redactor.text('abc')).toBe('abc');
  });

  it('keeps what was redacted before, and its numbers are not used again', () => {
    const redactor = newRedactor();
    expect(redactor.request(request('/x?token=redacted-7&key=s3cret-1')).target).toBe(
      '/x?token=redacted-7&key=redacted-8',
    );
  });

  it('keeps the stand-ins, which are not taken for secrets', () => {
    const redactor = newRedactor();
    for (const secret of ['acted', 'redacted', 's3cret-1']) redactor.learn(secret);
    const once = redactor.text('s3cret-1 was acted on');

    expect(once).toBe('redacted-3 was redacted-1 on');
    expect(redactor.leaks(once)).toBe(false);
  });

  it('has a longer secret replaced whole where a shorter one is part of it', () => {
    const redactor = newRedactor();
    redactor.learn('abcd');
    redactor.learn('abcd-efgh');
    redactor.learn('xabcd-ef');

    expect(redactor.text('abcd-efgh xabcd-efgh abcd')).toBe('redacted-2 redacted-3 redacted-1');
  });

  it('has secrets of any length replaced', () => {
    const redactor = newRedactor();
    const secret = Array.from({ length: 500 }, (_, index) => `part${index}`).join('.');
    redactor.learn(secret);

    expect(redactor.text(`a ${secret} b ${encodeURIComponent(JSON.stringify(secret))}`)).toBe(
      'a redacted-1 b %22redacted-1%22',
    );
  });

  it('has the first thousand secrets replaced anywhere, and others in their own places only', () => {
    const redactor = newRedactor();
    for (let index = 0; index < 1000; index++) redactor.learn(`s3cret-${index}-`);

    expect(redactor.request(request('/?token=one-more', { 'x-a': 'one-more s3cret-999-' }))).toMatchObject({
      target: '/?token=redacted-1001',
      headers: { 'x-a': 'one-more redacted-1000' },
    });
  });
});

const PLACES: Readonly<Record<string, (secret: string) => Request>> = {
  ...Object.fromEntries(
    ['token', 'key', 'api_key', 'api-key', 'access_token', 'Token', 'API_KEY'].flatMap((name) => [
      [`query ${name}`, (secret: string) => request(`/x?a=1&${name}=${encodeURIComponent(secret)}&b=2`)],
      [
        `form ${name}`,
        (secret: string) => request(`/x?${new URLSearchParams({ [name]: secret }).toString()}`),
      ],
    ]),
  ),
  path: (secret) => request(`/v2/client/${encodeURIComponent(secret)}?language=en`),
  ...Object.fromEntries(
    [
      'x-zoom-s2t-key',
      'x-api-key',
      'api-key',
      'x-understudy-token',
      'authorization',
      'proxy-authorization',
    ].map((name) => [name, (secret: string) => request('/', { [name]: secret })]),
  ),
  apikey: (secret) => request('/', { authorization: `ApiKey ${secret}` }),
  bearer: (secret) => request('/', { Authorization: `Bearer ${secret}` }),
  cookie: (secret) => request('/', { cookie: `a=1; id=${encodeURIComponent(secret)}` }),
  protocol: (secret) => request('/', { 'sec-websocket-protocol': `bearer, ${encodeURIComponent(secret)}` }),
  protocolTight: (secret) =>
    request('/', { 'sec-websocket-protocol': `bearer,${encodeURIComponent(secret)}` }),
  user: (secret) => inUrl(`https://me:${encodeURIComponent(secret)}@h/a.mp3`),
  signature: (secret) => inUrl(`https://h/a.mp3?sv=1&sig=${encodeURIComponent(secret)}`),
  formSignature: (secret) => inUrl(`https://h/a.mp3?${new URLSearchParams({ any: secret }).toString()}#x`),
  body: (secret) => request('/', {}, JSON.stringify({ a: [{ client_secret: secret }] })),
};

function inUrl(url: string): Request {
  return request(`/v2/client/t0ken?url=${encodeURIComponent(url)}&language=en`);
}

const SPELLINGS: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  uri: encodeURIComponent,
  form: (secret) => new URLSearchParams({ a: secret }).toString().slice(2),
  twice: (secret) => encodeURIComponent(encodeURIComponent(secret)),
  json: (secret) => JSON.stringify(secret).slice(1, -1),
  base64: (secret) => Buffer.from(secret).toString('base64'),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
};

/** The ways in which a fake or a service may repeat a secret that it was given. */
const LATER: Readonly<Record<string, (spelling: string, secret: string) => TraceFact>> = {
  text: (spelling) => text(`The key ${spelling} is not valid`),
  json: (spelling) => text(JSON.stringify({ error: `not valid: ${spelling}` })),
  closes: (spelling) => ({ kind: 'close', from: 'server', code: 1008, reason: `no: ${spelling}` }),
  refusal: (spelling) => ({
    kind: 'response',
    status: 401,
    headers: { 'x-why': spelling },
    body: `[${spelling}]`,
  }),
  fault: (spelling) => ({ kind: 'fault', from: 'server', message: `<${spelling}>` }),
  target: (spelling) =>
    request(`/elsewhere?q=${encodeURIComponent(spelling)}`, { referer: `http://h/${spelling}` }),
  binary: (spelling) => ({
    kind: 'binary',
    from: 'client',
    byteCount: 1,
    sha256: '0123456789abcdef',
    base64: Buffer.from(`x${spelling}y`).toString('base64'),
  }),
  ping: (_spelling, secret) => ({
    kind: 'ping',
    from: 'client',
    base64: Buffer.from(`x${secret}`).toString('base64'),
  }),
};

const CHARACTERS = Array.from('abcdeXYZ0189-_.~/+=:;,!*()@$&%?#"\\\' é漢');
// Its ends are plain characters: HTTP strips spaces from the ends of a header, and a cookie ends at a semicolon.
const SECRET = fc
  .tuple(
    fc.constantFrom('k9', 'Q/', '%4', '"x'),
    fc.array(fc.constantFrom(...CHARACTERS), { minLength: 4, maxLength: 20 }),
    fc.constantFrom('7w', '+z', '==', '\\n'),
  )
  .map(([start, middle, end]) => `${start}${middle.join('')}${end}`);

/** Every spelling that the result must not contain. */
function found(outcome: unknown, secret: string): readonly string[] {
  const written = JSON.stringify(outcome);
  return Object.entries(SPELLINGS).flatMap(([name, spell]) =>
    written.includes(spell(secret)) ? [name] : [],
  );
}

describe('a secret that a client has put into a place', () => {
  it.each(Object.entries(PLACES))('is nowhere in the result: %s', (place, put) => {
    // A header contains the words of a single secret; several secrets in one header, separated by commas, are another case.
    const isHeader = !/query|form|path|body|user|signature|cookie|protocol/i.test(place);
    fc.assert(
      fc.property(SECRET, fc.constantFrom(...Object.keys(LATER)), (secret, later) => {
        const redactor: Redactor = newRedactor();
        const plain = isHeader && /^authorization|^proxy/.test(place) ? secret.replaceAll(' ', '_') : secret;
        expect(found(redactor.request(put(plain)), plain)).toEqual([]);
        for (const [name, spell] of Object.entries(SPELLINGS)) {
          const outcome = redactor.fact((LATER[later] ?? ((x: string) => text(x)))(spell(plain), plain));
          expect(found(outcome, plain), `${name} in ${later}: ${JSON.stringify(outcome)}`).toEqual([]);
          expect(redactor.leaks(JSON.stringify(outcome))).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });
});

it('a text that was made to take long to search is redacted in reasonable time', () => {
  const nasty = fc.array(
    fc.constantFrom('\\', '\\\\', '"', '%', '%25', '25', 'u005c', 'u0075', '5C', '+', ' '),
    {
      minLength: 10,
      maxLength: 200,
    },
  );
  fc.assert(
    fc.property(nasty, nasty, (secret, other) => {
      const redactor = newRedactor();
      redactor.learn(`${secret.join('')}!`);
      const once = redactor.text(`${secret.join('').repeat(20)}?${other.join('').repeat(20)}`);
      expect(redactor.leaks(once)).toBe(false);
    }),
    { numRuns: 100 },
  );
});

describe('all facts of a trace', () => {
  const word = fc.constantFrom('abcd-1', 'efgh-2', 'ijkl-3', 'redacted-1', 'plain');
  const fact = fc.oneof(
    word.map((each) => request(`/x?token=${each}`)),
    word.map((each) => request(`/v2/client/${each}?url=https://example.com/${each}`)),
    word.map((each) => text(`{"text":"say ${each} now"}`)),
    word.map((each) => text(`token: ${each}`)),
    fc.constant<TraceFact>({ kind: 'binary', from: 'client', byteCount: 3200 }),
  );

  it('are redacted as if all their secrets had been known from the beginning', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 12 }), (facts) => {
        const standIns = new StandIns();
        for (const each of facts) standIns.take(JSON.stringify(each));
        const redactor = newRedactor({ standIns });
        for (const each of facts) redactor.fact(each);

        expect(redactAll(facts).facts).toEqual(facts.map(redactor.fact));
      }),
    );
  });

  it('may contain more secrets than are numbered at the same time', () => {
    const facts = Array.from({ length: 10_050 }, (_, i) => request(`/x?token=secret-${i}`));
    const { facts: redacted } = redactAll([...facts, ...facts.slice(0, 3)]);
    for (const each of redacted)
      expect(each).toHaveProperty('target', expect.stringMatching(/^\/x\?token=redacted-\d+$/));
  });
});
