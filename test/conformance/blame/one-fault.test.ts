import { beforeAll, describe, expect, it } from 'vitest';
import { judgePlays, playOf, requirementsOf } from '../../../src/conformance/judging/plays.ts';
import { TOLERANCES } from '../../../src/conformance/judge/tolerances.ts';
import type { SocketDialect } from '../../../src/protocol/dialects.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';
import { fieldsOf, withFields, WRONG, type Faults, type TextEvent } from './one-fault/faults.ts';
import { reson8 } from './one-fault/reson8.ts';
import { reson8Turns } from './one-fault/reson8-turns.ts';
import { scriptix } from './one-fault/scriptix.ts';

/** This many messages of a session get a fault, one at a time. */
const MOST_PLACES = 5;

// A message that was not JSON was also "no partial", and a final that came twice also broke requirements on flushes,
// offsets and segments: one fault was reported under up to five ids.
describe.each<[SocketDialect, Faults]>([
  ['scriptix', scriptix],
  ['reson8', reson8],
  ['reson8-turns', reson8Turns],
])('one fault in an otherwise conforming session of %s', (service, faults) => {
  let events: readonly TraceEvent[] = [];
  const requirements = requirementsOf('server', [service], {});
  const found = (...sessions: readonly (readonly TraceEvent[])[]) =>
    judgePlays(
      sessions.map((session, i) => playOf({ name: String(i), events: session }, TOLERANCES)),
      requirements,
      { side: 'server', strict: false, deviations: new Set() },
    ).flatMap(({ id, verdict }) => (verdict === 'fail' || verdict === 'warn' ? [id] : []));

  beforeAll(async () => {
    events = await faults.record();
  });

  it('is the only one: without it the session has no findings', () => {
    expect(found(events)).toEqual([]);
  });

  it.each(faults.inOne)('is reported under one id: $name', ({ in: isMeant, change }) => {
    const all = events.flatMap((event, i) => {
      const fields = fieldsOf(event);
      return fields !== undefined && isMeant(fields) ? [i] : [];
    });
    const step = Math.max(1, Math.floor(all.length / MOST_PLACES));
    const places = all.filter((_, nth) => nth % step === 0 || nth === all.length - 1);

    expect(places).not.toEqual([]);

    for (const i of places) {
      const event = events[i] as TextEvent;
      const changed = change(event, fieldsOf(event) ?? {});
      const ids = found([...events.slice(0, i), ...changed, ...events.slice(i + 1)]);
      expect({ event, ids }).toEqual({ event, ids: [expect.any(String)] });
    }
  });

  it.each(faults.inAll)(
    'is reported under one id where every message has it: $name',
    ({ in: isMeant, change }) => {
      const changed = events.flatMap((event) => {
        const fields = fieldsOf(event);
        return fields !== undefined && isMeant(fields) ? change(event as TextEvent, fields) : [event];
      });
      expect(found(changed)).toEqual([expect.any(String)]);
    },
  );

  // Finals with twice their offset_ms were reported as SX-PART-009 and SX-FIN-012, and times in another unit as up to five.
  describe.each(faults.inTimes)('in %s', (place, isMeant, change) => {
    const wrongs = WRONG.filter(({ name }) => !faults.allowed.includes(`${place}: ${name}`));
    it.each(wrongs)('is reported under one id: $name', (wrong) => {
      const all = events.map((event) => {
        const fields = fieldsOf(event);
        if (fields === undefined || !isMeant(fields)) return event;
        return withFields(event as TextEvent, change(fields, wrong));
      });
      // In a short session, other requirements are broken by it than in a long one.
      const soon = all.findIndex((event) => {
        const fields = fieldsOf(event);
        return fields !== undefined && faults.isResult(fields);
      });

      expect(found(all, all.slice(0, soon + 1))).toEqual([expect.any(String)]);
    });
  });
});
