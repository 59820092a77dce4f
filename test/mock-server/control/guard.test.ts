import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newGuard } from '../../../src/mock-server/control/guard.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { UserError } from '../../../src/runtime/errors.ts';
import { control } from '../../support/clients/control.ts';

const TOKEN = 'open-sesame';

describe('on a loopback address', () => {
  it.each([
    ['localhost', undefined, undefined],
    ['LOCALHOST:8080', undefined, undefined],
    ['127.0.0.1:8080', undefined, undefined],
    ['127.1.2.3', undefined, undefined],
    ['[::1]:8080', undefined, undefined],
    ['localhost:8080', 'http://localhost:8080', undefined],
    ['LOCALHOST:8080', 'https://localhost:8080', undefined],
    ['[::1]:3000', 'http://[::1]:3000', undefined],
    ['localhost:8080', 'http://localhost:5173', 403],
    ['localhost:8080', 'http://127.0.0.1:8080', 403],
    ['localhost', 'https://127.0.0.1', 403],
    ['localhost', 'http://[::1]:3000', 403],
    [undefined, undefined, 403],
    ['', undefined, 403],
    ['rebound.example', undefined, 403],
    ['localhost.rebound.example', undefined, 403],
    ['127.0.0.1.rebound.example:8080', undefined, 403],
    ['rebound.example:127', undefined, 403],
    ['10.0.0.1', undefined, 403],
    ['0.0.0.0', undefined, 403],
    ['localhost', 'https://page.example', 403],
    ['localhost', 'http://localhost.page.example', 403],
    ['localhost', 'null', 403],
    ['localhost', '', 403],
    ['localhost', 'file://', 403],
    ['localhost', 'http://localhost@page.example', 403],
  ])('a request to %s from the origin %s is answered with %s', (host, origin, status) => {
    const headers = { ...(host === undefined ? {} : { host }), ...(origin === undefined ? {} : { origin }) };
    expect(newGuard('127.0.0.1', undefined)(headers)?.status).toBe(status);
    expect(newGuard('::1', undefined)(headers)?.status).toBe(status);
  });

  it('a configured token is required, too', () => {
    const guard = newGuard('localhost', TOKEN);
    expect(guard({ host: 'localhost' })?.status).toBe(401);
    expect(guard({ host: 'localhost', authorization: `Bearer ${TOKEN}` })).toBeUndefined();
    expect(guard({ host: 'rebound.example', authorization: `Bearer ${TOKEN}` })?.status).toBe(403);

    const page = { host: 'localhost:8080', origin: 'http://localhost:5173' };
    expect(guard(page)?.status).toBe(403);
    expect(guard({ ...page, authorization: `Bearer ${TOKEN}` })).toBeUndefined();
  });
});

describe('on another address', () => {
  it('the control API is off without a token, and the answer says how to set one', () => {
    const denial = newGuard('0.0.0.0', undefined)({ host: 'localhost', authorization: 'Bearer undefined' });
    expect(denial).toMatchObject({
      status: 403,
      expected: expect.stringContaining('--control-token') as string,
    });
  });

  it.each([
    [`Bearer ${TOKEN}`, undefined],
    [`bearer  ${TOKEN}`, undefined],
    [undefined, 401],
    ['', 401],
    ['Bearer', 401],
    ['Bearer open-sesam', 401],
    ['Bearer open-sesame2', 401],
    ['Bearer OPEN-SESAME', 401],
    [`Basic ${TOKEN}`, 401],
    [TOKEN, 401],
    [`Bearer ${TOKEN} x`, 401],
  ])('the authorization %s is answered with %s', (authorization, status) => {
    const guard = newGuard('0.0.0.0', TOKEN);
    const headers = { host: 'fake.example:8080', ...(authorization === undefined ? {} : { authorization }) };
    expect(guard(headers)?.status).toBe(status);
  });

  it('no other token is ever accepted', () => {
    const guard = newGuard('0.0.0.0', TOKEN);
    fc.assert(
      fc.property(fc.string(), (given) => {
        fc.pre(given !== TOKEN);
        expect(guard({ authorization: `Bearer ${given}` })?.status).toBe(401);
      }),
    );
  });
});

describe('a server', () => {
  it('requires the token for every call, and repeats it in no answer', async () => {
    await using fake = await startMockServer({ controlToken: TOKEN });
    for (const call of ['GET sessions', 'GET metrics', 'POST reset', 'PUT service', 'GET nowhere']) {
      const denied = await control(fake, call, undefined, { headers: { authorization: 'Bearer wrong' } });
      expect(denied).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
      expect(denied.text).not.toContain(TOKEN);
      const headers = { authorization: `Bearer ${TOKEN}` };
      expect([200, 400, 404]).toContain((await control(fake, call, undefined, { headers })).status);
    }
  });

  it('refuses pages of other origins, and lets them read nothing', async () => {
    await using fake = await startMockServer();
    for (const headers of [{ origin: 'https://page.example' }, { host: 'rebound.example' }] as Record<
      string,
      string
    >[]) {
      const denied = await control(fake, 'POST reset', undefined, {
        headers: { ...headers },
      });
      expect(denied.status).toBe(403);
      expect(denied.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('that listens on all addresses has no control API without a token', async () => {
    await using fake = await startMockServer({ host: '0.0.0.0' });
    expect([fake.hasControl, (await control(fake, 'GET scenarios')).status]).toEqual([false, 403]);

    await using open = await startMockServer({ host: '0.0.0.0', controlToken: TOKEN });
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect([open.hasControl, (await control(open, 'GET scenarios', undefined, { headers })).status]).toEqual([
      true,
      200,
    ]);
  });

  it.each([
    ['that is empty', ''],
    ['that is short', 'short'],
    ['with a space', 'with a space'],
    ['with letters that are not ASCII', 'é'.repeat(10)],
    ['of more than 1024 characters', 'x'.repeat(1025)],
  ])('does not start with a token %s, and does not repeat it', async (_name, controlToken) => {
    const error: unknown = await startMockServer({ controlToken }).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toMatch(/^UserError: controlToken: expected/);

    if (controlToken !== '') expect(String(error)).not.toContain(controlToken);
  });
});
