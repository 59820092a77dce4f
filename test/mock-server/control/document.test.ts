import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { control } from '../../support/clients/control.ts';

interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

async function documentOfFake(): Promise<Document> {
  await using fake = await startMockServer();
  return (await control(fake, 'GET openapi.json')).json as Document;
}

function operationsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

describe('the document of the control API', () => {
  it('is valid OpenAPI 3.1, with every reference resolved', async () => {
    const document = await documentOfFake();
    const validator = new Validator();

    const result = await validator.validate(structuredClone(document) as unknown as Record<string, unknown>);

    expect(result.errors).toBeUndefined();
    expect([result.valid, validator.version, document.openapi]).toEqual([true, '3.1', '3.1.0']);
    expect(() => validator.resolveRefs()).not.toThrow();
  });

  it('names each call once, and only health and ready as calls that need no token', async () => {
    const operations = operationsOf(await documentOfFake());

    const ids = operations.map(({ operation }) => operation.operationId);

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['getSessionsIdWait', 'putAssignmentsToken']));

    const open = operations.filter(({ operation }) => operation.security !== undefined);
    expect(open.map(({ path }) => path)).toEqual(['/health', '/ready']);
  });

  it('names only calls that the server has', async () => {
    await using fake = await startMockServer();
    const operations = operationsOf(await documentOfFake());

    for (const { path, method } of operations) {
      const url = path.slice(1).replace('{id}', 's1').replace('{token}', 't').replace('{name}', 'n');
      const answer = await fetch(`${fake.urls.control}/${url}`, { method: method.toUpperCase() });
      const { status } = answer;
      const json: unknown = status === 404 ? await answer.json() : undefined;
      // Some answers, such as events, do not end by themselves.
      if (status !== 404) await answer.body?.cancel();

      expect([path, method, status === 405]).toEqual([path, method, false]);
      if (status === 404) expect(json).not.toMatchObject({ error: 'Not found' });
    }
  });

  it('needs the control token like the calls that it describes', async () => {
    await using fake = await startMockServer({ controlToken: 'open-sesame' });

    expect((await control(fake, 'GET openapi.json')).status).toBe(401);
  });
});

describe('the id of a request', () => {
  it('is the one of its caller or a number, in the header of each answer and in errors', async () => {
    await using fake = await startMockServer();
    const named = { headers: { 'x-request-id': 'test-7:a.b' } };

    const own = await control(fake, 'GET sessions/s9', undefined, named);
    const numbered = [await control(fake, 'GET health'), await control(fake, 'GET nowhere')];

    expect(own.headers['x-request-id']).toBe('test-7:a.b');
    expect(own.json).toMatchObject({ error: 'Unknown session', requestId: 'test-7:a.b' });
    expect(numbered.map(({ headers }) => headers['x-request-id'])).toEqual(['c1', 'c2']);
    expect(numbered[1]?.json).toMatchObject({ requestId: 'c2' });
  });

  it('is a number if the one of its caller could not be printed', async () => {
    await using fake = await startMockServer();
    for (const id of ['with space', 'x'.repeat(129), 'a,b', '<script>']) {
      const { headers } = await control(fake, 'GET health', undefined, { headers: { 'x-request-id': id } });
      expect(headers['x-request-id']).toMatch(/^c\d+$/);
    }
  });
});
