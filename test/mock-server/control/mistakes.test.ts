import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { ask } from '../../support/clients/ask.ts';
import { control } from '../../support/clients/control.ts';
import { dial } from '../../support/reson8.ts';
import { shared } from '../../support/servers/shared.ts';

/** A fake with a connection, s1, and a REST call, h1. */
async function used() {
  const fake = await startMockServer({ clock: 'manual' });
  const client = dial(fake.urls.reson8.realtime);
  await client.open;
  await ask(`${fake.urls.url}/any`);
  return { fake, client, [Symbol.asyncDispose]: () => fake.stop() };
}

describe('a mistake', () => {
  const started = shared(used);

  it.each<[call: string, body: unknown, status: number, expected: RegExp]>([
    ['GET nowhere', undefined, 404, /control-api/],
    ['GET sessions/s9', undefined, 404, /GET sessions/],
    ['GET sessions/%E0%A4%A', undefined, 400, /percent-encoding/],
    ['GET sessions/s9/trace', undefined, 404, /GET sessions/],
    ['GET sessions/s1/trace?follow=yes', undefined, 400, /follow=1/],
    ['GET sessions/s9/wait?for=start', undefined, 404, /GET sessions/],
    ['GET sessions/s1/wait', undefined, 400, /for=start\|audio/],
    ['GET sessions/s1/wait?for=everything', undefined, 400, /for=start\|audio/],
    ['GET sessions/s1/wait?for=start&for=stop', undefined, 400, /for=start\|audio/],
    ['GET sessions/s1/wait?for=start&count=0', undefined, 400, /count=1 to/],
    ['GET sessions/s1/wait?for=start&count=1.5', undefined, 400, /count=1 to/],
    ['GET sessions/s1/wait?for=start&count=99999999999', undefined, 400, /count=1 to/],
    ['GET sessions/s1/wait?for=start&timeout=5', undefined, 400, /timeout=5s/],
    ['GET sessions/s1/wait?for=start&timeout=11m', undefined, 400, /at most 10m/],
    ['GET sessions/s1/wait?for=start&timout=5s', undefined, 400, /timeout=5s/],
    ['GET sessions/h1/wait?for=start', undefined, 409, /a connection/],
    ['POST sessions/s9/send', '{}', 404, /GET sessions/],
    ['POST sessions/h1/send', '{}', 409, /a connection/],
    ['POST sessions/s1/send', undefined, 400, /"base64"/],
    ['POST sessions/s1/send', '{"text":1}', 400, /"text"/],
    ['POST sessions/s1/send', '{"base64":"AP8*"}', 400, /"base64"/],
    ['POST sessions/s1/send', '{"base64":7}', 400, /"base64"/],
    ['POST sessions/s1/send', '{', 400, /JSON/],
    // Serialising it again used to overflow the stack: 500.
    ['POST sessions/s1/send', `${'['.repeat(5000)}${']'.repeat(5000)}`, 400, /at most 100 levels/],
    [
      'POST sessions/s1/send',
      `{"json":${'{"a":'.repeat(5000)}1${'}'.repeat(5001)}`,
      400,
      /at most 100 levels/,
    ],
    ['PUT assignments/t', `{"scenario":${'['.repeat(5000)}${']'.repeat(5000)}}`, 400, /at most 100 levels/],
    ['POST sessions/s1/close', '{"code":1004}', 400, /1000 to 1003/],
    ['POST sessions/s1/close', '{"code":1005}', 400, /1000 to 1003/],
    ['POST sessions/s1/close', '{"code":1006}', 400, /1000 to 1003/],
    ['POST sessions/s1/close', '{"code":1015}', 400, /1000 to 1003/],
    ['POST sessions/s1/close', '{"code":2999}', 400, /1000 to 1003/],
    ['POST sessions/s1/close', '{"code":5000}', 400, /1000 to 1003/],
    ['POST sessions/s1/close', '{"code":1000.5}', 400, /1000 to 1003/],
    ['POST sessions/s1/close', '{"code":"1000"}', 400, /1000 to 1003/],
    ['POST sessions/s1/close', JSON.stringify({ reason: 'é'.repeat(62) }), 400, /123 bytes/],
    ['POST sessions/s1/close', '{"reason":1}', 400, /123 bytes/],
    ['POST sessions/s1/close', '[]', 400, /JSON object/],
    ['POST sessions/s1/abort', undefined, 400, /fin\|reset\|silence/],
    ['POST sessions/s1/abort', '{"how":"gently"}', 400, /fin\|reset\|silence/],
    ['PUT assignments/t', undefined, 400, /GET scenarios/],
    ['PUT assignments/t', '{"scenario":"unheard-of"}', 400, /GET scenarios/],
    ['PUT assignments/t', '{"scenario":7}', 400, /GET scenarios/],
    ['PUT assignments/t', '"happy-path"', 400, /JSON object/],
    ['PUT assignments/%E0%A4%A', '{}', 400, /percent-encoding/],
    ['PUT assignments/', '{"scenario":"happy-path"}', 404, /control-api/],
    ['POST clock/advance', undefined, 400, /"ms"/],
    ['POST clock/advance', '{"ms":-1}', 400, /"ms"/],
    ['POST clock/advance', '{"ms":"5"}', 400, /"ms"/],
    ['POST clock/advance', '{"ms":1e300}', 400, /"ms"/],
    ['PUT service', undefined, 400, /scaled_down/],
    ['PUT service', '{"state":"tired"}', 400, /scaled_down/],
    ['PUT service', '{"state":"ready","onInitialize":"maybe"}', 400, /fails-to-start.*answers-at-once/],
    ['GET usage?tokn=t', undefined, 400, /token=/],
    ['GET usage?token=t&token=u', undefined, 400, /token=/],
    ['POST reset', '{"everything":true}', 400, /assignments/],
    ['POST reset', '{"sessions":"yes"}', 400, /true or false/],
    ['POST reset', 'null', 400, /JSON object/],
  ])('$0, mistake %#, is answered with $2 and what is expected', async (call, body, status, expected) => {
    const { fake, client } = await started();
    const answer = await control(fake, call, body);

    expect(answer).toMatchObject({
      status,
      json: { error: expect.any(String) as string, expected: expect.stringMatching(expected) as string },
    });
    // The call had no effect.
    expect([fake.sessions.length, fake.service.status, client.hasEnded]).toEqual([1, 'ready', false]);
  });

  it.each<[call: string, body: unknown, error: string]>([
    ['GET sessions/s1/wait', undefined, 'for is missing'],
    ['GET sessions/s1/wait?for=start&timout=5s', undefined, 'Unknown parameter'],
    ['GET sessions/s1/wait?for=all&timeout=5', undefined, 'for does not fit; timeout does not fit'],
    ['GET sessions/s1/trace?folow=1', undefined, 'Unknown parameter'],
    ['GET sessions/s1/trace?from=-1', undefined, 'from does not fit'],
    ['GET sessions?dialect=other', undefined, 'dialect does not fit'],
    ['POST sessions/s1/hold', '{"count":1}', 'Unknown key'],
    ['POST sessions/s1/release', '{"id":1}', 'Unknown key'],
    ['POST sessions/s1/release', '{"count":0}', 'count does not fit'],
    ['POST sessions/s1/drop', '{"count":1}', 'Unknown key'],
    ['POST sessions/s1/replace', '{"id":1}', 'message is missing'],
    ['POST sessions/s1/replace', '{"message":{}}', 'id is missing'],
    ['POST sessions/s1/close', '{"code":1000,"raeson":"bye"}', 'Unknown key'],
    ['POST sessions/s1/close', '{"code":1000,"reason":1}', 'reason does not fit'],
    ['POST sessions/s1/abort', '{}', 'how is missing'],
    ['POST sessions/s1/abort', '{"how":"gently"}', 'how does not fit'],
    ['POST sessions/s1/abort', '{"how":"fin","after":1}', 'Unknown key'],
    ['POST clock/advance', '{"ms":-1}', 'ms does not fit'],
    ['POST clock/advance', '{"ms":1,"seconds":1}', 'Unknown key'],
    ['PUT service', '{"state":"ready","onInitialise":"breaks"}', 'Unknown key'],
    ['PUT service', '{"state":"ready","onInitialize":"maybe"}', 'onInitialize does not fit'],
    ['PUT scenario', '{}', 'scenario is missing'],
    ['PUT assignments/t', '{"scenario":7}', 'scenario does not fit'],
    ['PUT assignments/t', '{"scenario":"happy-path","times":1}', 'Unknown key'],
    ['POST reset', '{"sessions":"yes"}', 'sessions does not fit'],
    ['POST reset', '{"session":true}', 'Unknown key'],
    ['POST verify', '{}', 'expectations is missing'],
    ['POST verify', '{"expectations":[{}],"wihtin":"1s"}', 'Unknown key'],
    ['POST verify', '{"expectations":[{"of":"audio"},{"of":"noise"}]}', 'expectations[1].of does not fit'],
    ['POST verify', '{"expectations":[{"atMost":1,"at-least":1}]}', 'expectations[0] has an unknown key'],
    [
      'POST verify',
      '{"expectations":[{"of":"audio","message":{}}]}',
      'expectations[0].message excludes of: one of them is expected',
    ],
    [
      'POST verify',
      '{"expectations":[{},{"atLeast":3,"atMost":1}]}',
      'expectations[1].atMost is below atLeast: 1 is less than 3',
    ],
    [
      'POST verify',
      '{"expectations":[{"exactly":1,"atLeast":0}]}',
      'expectations[0].exactly excludes atLeast',
    ],
    [
      'POST verify',
      '{"expectations":[{"exactly":1,"atLeast":3,"atMost":2}]}',
      'expectations[0].exactly excludes atLeast; expectations[0].atMost is below atLeast: 2 is less than 3',
    ],
  ])('$0, with $1, is answered with the part of it that is wrong', async (call, body, error) => {
    const { fake } = await started();
    expect((await control(fake, call, body)).json).toMatchObject({ error });
  });

  it.each([
    ['POST sessions', 'GET, HEAD'],
    ['DELETE sessions/s1', 'GET, HEAD'],
    ['POST sessions/s1/trace', 'GET, HEAD'],
    ['POST sessions/s1/wait', 'GET, HEAD'],
    ['GET sessions/s1/send', 'POST'],
    ['GET sessions/s1/close', 'POST'],
    ['PUT sessions/s1/abort', 'POST'],
    ['GET assignments/t', 'PUT, DELETE'],
    ['POST clock', 'GET, HEAD'],
    ['GET clock/advance', 'POST'],
    ['POST service', 'GET, HEAD, PUT'],
    ['PUT scenarios', 'GET, HEAD, POST'],
    ['POST scenario', 'GET, HEAD, PUT'],
    ['GET scenarios/x', 'DELETE'],
    ['GET reset', 'POST'],
    ['POST health', 'GET, HEAD'],
    ['POST metrics', 'GET, HEAD'],
  ])('%s is answered with 405 and the allowed methods', async (call, allow) => {
    const { fake } = await started();
    const answer = await control(fake, call);
    expect(answer).toMatchObject({ status: 405, headers: { allow }, json: { expected: allow } });
  });

  it('a body of more than 1 MiB is answered with 413, whatever is in it', async () => {
    const { fake } = await started();
    const body = JSON.stringify({ text: 'x'.repeat(2 ** 20) });
    const answer = await control(fake, 'POST sessions/s1/send', body);

    expect(answer).toMatchObject({ status: 413, headers: { connection: 'close' } });
    expect((await control(fake, 'GET health')).status).toBe(200);
  });

  it('JSON that curl -d sends as a form is read as JSON', async () => {
    await using fake = await startMockServer();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await control(fake, 'PUT service', { state: 'scaled_down' }, { headers });

    expect(answer.json).toEqual({ state: 'scaled_down' });
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('a body that is compressed with %s is read', async (coding, compress) => {
    await using fake = await startMockServer();
    const headers = { 'content-type': 'application/json', 'content-encoding': coding };
    const body = compress('{"state":"scaled_down"}');
    const answer = await fetch(`${fake.urls.control}/service`, { method: 'PUT', headers, body });

    expect(await answer.json()).toEqual({ state: 'scaled_down' });
  });

  it('a body that is compressed in an unknown way is answered with 415', async () => {
    const { fake } = await started();
    const answer = await control(fake, 'POST reset', '{}', { headers: { 'content-encoding': 'zebra' } });
    expect(answer.status).toBe(415);
  });
});
