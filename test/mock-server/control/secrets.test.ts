import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ServerEvent } from '../../../src/mock-server/events.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { ask } from '../../support/clients/ask.ts';
import { connect } from '../../support/clients/client.ts';
import { control } from '../../support/clients/control.ts';

/** A text that is valid in a path, a header and a subprotocol, and is not an ordinary word. */
const secret = fc.string({
  unit: fc.constantFrom(...Array.from('ABCDEFGHJKLMNPQRSTUVWXYZ23456789-_.~')),
  minLength: 12,
  maxLength: 40,
});

it('wherever a client puts its token, no answer of the control API, no trace and no event contains it', async () => {
  const told: ServerEvent[] = [];
  await using fake = await startMockServer({ onEvent: (event) => told.push(event) });
  const { scriptix, reson8 } = fake.urls;

  await fc.assert(
    fc.asyncProperty(secret, fc.nat(8), async (token, place) => {
      await fake.reset();
      told.length = 0;
      const fill = () => {
        switch (place) {
          case 0:
            return connect(`${scriptix.realtime}?token=${token}&language=${token}&type=${token}`);
          case 1:
            return connect(`${scriptix.realtime}?language=${token}`, {
              headers: { 'x-zoom-s2t-key': token },
            });
          case 2:
            return connect(`${scriptix.stream.replace('{token}', token)}?language=${token}`);
          case 3:
            return connect(reson8.realtime, { headers: { authorization: `ApiKey ${token}` } });
          case 4:
            return connect(`${reson8.realtime}?encoding=${token}`, { protocols: ['bearer', token] });
          case 5:
            return connect(reson8.realtime, {
              protocols: ['bearer', token],
              headers: { cookie: `a=${token}` },
            });
          case 6:
            return connect(`${scriptix.realtime}?token=${token}&scenario=${token}`);
          case 7:
            return connect(`${reson8.realtime}?scenario=${token}`, {
              headers: { authorization: `ApiKey ${token}` },
            });
          default:
            return connect(`${scriptix.realtime}?token=${token}`);
        }
      };
      await using client = fill();
      await Promise.race([client.open, client.refused]).catch(() => undefined);
      if (!client.hasEnded) {
        client.send(token);
        client.send({ action: token, type: token, token });
        client.close(4000, token);
      }
      await client.closed;
      await ask(`${scriptix.api}/status`, { headers: { 'x-zoom-s2t-key': token } });
      const { sessions, requests } = (await control(fake, 'GET sessions')).json as {
        sessions: { id: string }[];
        requests: { id: string }[];
      };
      const ids = [...sessions, ...requests].map(({ id }) => id);
      expect(ids.length).toBeGreaterThanOrEqual(2);
      const calls = [
        'GET sessions',
        'GET metrics',
        'GET health',
        'GET scenarios',
        `GET sessions/${token}`,
        `GET sessions/${token}/trace`,
        `PUT assignments/${token}`,
        `DELETE assignments/${token}`,
        `GET ${token}`,
        ...ids.flatMap((id) => [
          `GET sessions/${id}`,
          `GET sessions/${id}/trace`,
          `GET sessions/${id}/wait?for=flush&timeout=0s`,
          `GET sessions/${id}/wait?for=${token}`,
        ]),
      ];
      for (const call of calls) {
        const { text, headers } = await control(fake, call);
        expect([call.replace(token, '…'), (text + JSON.stringify(headers)).includes(token)]).toEqual([
          call.replace(token, '…'),
          false,
        ]);
      }
      const events = fake.journal.ids.map((id) => fake.journal.events(id));
      expect(events.flat().length).toBeGreaterThan(3);
      expect(JSON.stringify(events)).not.toContain(token);
      expect(told.length).toBeGreaterThan(0);
      expect(JSON.stringify(told)).not.toContain(token);
    }),
    { numRuns: 60 },
  );
});
