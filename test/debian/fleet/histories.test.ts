import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { control } from '../../support/clients/control.ts';
import { client } from '../../support/fleet/together.ts';
import { fleetOf } from './replicas.ts';

const RUNS = Number(process.env['UNDERSTUDY_HISTORIES'] ?? 40);
const TOKENS = ['ann', 'ben', 'cy'] as const;
const NAMES = ['first-one', 'second-one'] as const;
const PARTS = ['assignments', 'scenarios', 'sessions', 'journal'] as const;

/** What a test or a client does. */
type Act =
  | { readonly act: 'assign'; readonly token: string; readonly name: string }
  | { readonly act: 'unassign' | 'connect'; readonly token: string }
  | { readonly act: 'upload' | 'remove'; readonly name: string }
  | { readonly act: 'reset'; readonly part: (typeof PARTS)[number] };

const token = fc.constantFrom(...TOKENS);
const name = fc.constantFrom(...NAMES);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constant('assign' as const), token, name }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('unassign' as const), token }) },
  { weight: 6, arbitrary: fc.record({ act: fc.constant('connect' as const), token }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('upload' as const), name }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('remove' as const), name }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('reset' as const), part: fc.constantFrom(...PARTS) }),
  },
);
const history = fc.array(fc.record({ at: fc.nat(1), asked: fc.nat(1), what: act }), {
  minLength: 3,
  maxLength: 12,
});

/** A simple model of a single fake. */
class Model {
  readonly assigned = new Map<string, string>();
  readonly uploaded = new Map<string, number>();
  readonly attempts = new Map<string, number>();

  /** The code that a connection is closed with; undefined if it stays open. */
  codeFor(who: string): number | undefined {
    const chosen = this.assigned.get(who);
    const version = chosen === undefined ? undefined : this.uploaded.get(chosen);
    if (chosen === undefined || version === undefined) return undefined;
    const key = `${chosen}/${who}`;
    const before = this.attempts.get(key) ?? 0;
    this.attempts.set(key, before + 1);
    return codeOf(version, Math.min(before, ATTEMPTS - 1));
  }

  forgetAttempts(of: string): void {
    for (const key of this.attempts.keys()) if (key.startsWith(`${of}/`)) this.attempts.delete(key);
  }
}

const ATTEMPTS = 3;
const VERSIONS = 300;

function codeOf(version: number, attempt: number): number {
  return 3000 + (version % VERSIONS) * ATTEMPTS + attempt;
}

it(`two replicas answer ${RUNS} histories as a single fake would`, { timeout: 1_200_000 }, async () => {
  await using fleet = await fleetOf(2);
  const both = fleet.replicas as readonly MockServer[];
  const server = (at: number) => both[at] ?? fleet.replicas[0];
  let version = 0;
  let opened = 0;

  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      await control(server(0), 'POST reset');
      const model = new Model();
      for (const { at, asked, what } of steps) {
        const fake = server(at);
        switch (what.act) {
          case 'assign': {
            const { status } = await control(fake, `PUT assignments/${what.token}`, { scenario: what.name });
            const isThere = model.uploaded.has(what.name);
            expect(status).toBe(isThere ? 200 : 400);
            if (isThere) model.assigned.set(what.token, what.name);
            break;
          }
          case 'unassign': {
            const { status } = await control(fake, `DELETE assignments/${what.token}`);
            expect(status).toBe(model.assigned.delete(what.token) ? 204 : 404);
            break;
          }
          case 'upload': {
            version += 1;
            const attempts = Array.from({ length: ATTEMPTS }, (_, each) => [
              { close: codeOf(version, each) },
            ]);
            const scenario = { dialect: 'scriptix', summary: 'In turn', server: { attempts } };
            expect((await control(fake, 'POST scenarios', { name: what.name, scenario })).status).toBe(201);
            model.uploaded.set(what.name, version);
            model.forgetAttempts(what.name);
            break;
          }
          case 'remove': {
            const { status } = await control(fake, `DELETE scenarios/${what.name}`);
            expect(status).toBe(model.uploaded.delete(what.name) ? 204 : 404);
            model.forgetAttempts(what.name);
            break;
          }
          case 'reset': {
            expect((await control(fake, 'POST reset', { [what.part]: true })).status).toBe(200);
            if (what.part === 'assignments') model.assigned.clear();
            if (what.part === 'scenarios') model.uploaded.clear();
            if (what.part === 'assignments' || what.part === 'scenarios') model.attempts.clear();
            break;
          }
          case 'connect': {
            const code = model.codeFor(what.token);
            await using each = await client(fake, what.token);
            opened += 1;
            const id = `s${opened}`;
            expect((await control(server(asked), 'GET sessions/next')).json).toMatchObject({ id });
            if (code === undefined) {
              expect((await control(server(asked), `POST sessions/${id}/close`, { code: 4999 })).status).toBe(
                200,
              );
            }
            expect((await each.closed).code).toBe(code ?? 4999);
            const waited = await control(server(asked), `GET sessions/${id}/wait?for=close`);
            expect(waited).toMatchObject({ status: 200, json: { session: id, count: 1 } });
          }
        }
      }
    }),
    { numRuns: RUNS },
  );
});
