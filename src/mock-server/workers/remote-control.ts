import type { Parts } from '../start/assemble.ts';
import { listedTogether } from '../control/describe.ts';
import type { ControlOptions } from '../control/options.ts';
import { partsOf } from '../control/reset.ts';
import { verify } from '../verify/verifier.ts';
import { together, type Expectation } from '../verify/verify.ts';
import type { Crew } from './crew.ts';
import { forwarding } from './forward.ts';
import { goneWith, type RemoteSessions } from './remote-sessions.ts';

/**
 * What the control API does when workers have the sessions: it asks all of them. It fails if one of them does not
 * answer, or if the answer would be about sessions that were lost with a worker.
 */
export function remoteControl(
  { options, clock, movable, journal, tally, meter, wall }: Parts,
  own: ControlOptions,
  crew: Crew,
  remote: RemoteSessions,
): ControlOptions {
  const { places } = remote;
  const refuseIncomplete = () => {
    const loss = places.firstLoss;
    if (loss !== undefined) throw goneWith(loss, 'had sessions that this is about');
  };
  const factsOfAll = () => crew.askAll('facts', undefined);
  return {
    ...own,
    isDegraded: () => crew.isDegraded,
    async list(query) {
      refuseIncomplete();
      const lists = await crew.askAll('list', query);
      return listedTogether(
        // The journal of a worker may still have sessions that are to be forgotten.
        lists.map((list) => ({
          ...list,
          sessions: list.sessions.filter(({ id }) => places.find(String(id)) !== undefined),
        })),
        query.limit,
      );
    },
    async nextSession(given) {
      const id = await remote.next(given);
      const described = await places.find(id)?.member.ask('describe', id);
      const loss = places.lossOf(id);
      if (loss !== undefined) throw goneWith(loss);
      if (described === undefined) throw new Error(`The session ${id} has ended and is no longer remembered`);
      return described;
    },
    partOf: (id, from, most) =>
      places.find(id)?.member.ask('part', { id, from, most }) ?? own.partOf(id, from, most),
    async usage(token) {
      refuseIncomplete();
      const uses = (await factsOfAll()).flatMap((facts) => facts.uses);
      return meter.usage(uses, options.pricePerMinute, journal.standIns, token);
    },
    async measured() {
      const facts = await factsOfAll();
      const sum = (of: (each: (typeof facts)[number]) => number) =>
        facts.reduce((total, each) => total + of(each), 0);
      return {
        tally,
        messages: {
          client: sum(({ messages }) => messages.client),
          server: sum(({ messages }) => messages.server),
        },
        open: facts.flatMap(({ open }) => open),
        journal: {
          byteCount: journal.byteCount + sum((each) => each.journal.byteCount),
          size: journal.size + sum((each) => each.journal.size),
        },
      };
    },
    verify(expectations, given) {
      const looks = async (expected: readonly Expectation[]) => {
        refuseIncomplete();
        const seen = await crew.askAll('verify', expected);
        return expected.map((_, at) => together(seen.flatMap((each) => each[at] ?? [])));
      };
      return verify(looks, expectations, given, wall);
    },
    async reset(given) {
      await own.reset(given);
      if (partsOf(given).includes('journal')) await remote.forgetEnded();
    },
    clock: {
      now: () => clock.now(),
      at: (dueMs, callback) => clock.at(dueMs, callback),
      get pending() {
        return clock.pending;
      },
      async advance(ms) {
        await movable.advance(ms);
        await remote.moveClocks();
      },
    },
    elsewhere: forwarding(places),
  };
}
