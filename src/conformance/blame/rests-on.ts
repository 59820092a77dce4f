import type { RequirementId } from '../../protocol/requirements.ts';

/**
 * Which requirements have to be met before others can be judged: a row says that `these` are judged from what `on`
 * guarantee. A message that a more basic requirement blames proves nothing about a less basic one. Form comes before
 * content, content before the meaning of several messages together, and that before their timing. If one message always
 * breaks two requirements together, a MUST is the more basic.
 */
interface Row {
  readonly these: readonly RequirementId[];
  readonly on: readonly RequirementId[];
}

const ids = <const Prefix extends string, const Rest extends string>(
  prefix: Prefix,
  ...numbers: readonly Rest[]
): readonly `${Prefix}-${Rest}`[] => numbers.map((number) => `${prefix}-${number}` as const);

// Scriptix: the form that a message must have before it can be compared with anything.
const SX_FRAME: readonly RequirementId[] = ['TR-003', 'TR-004'];
const SX_KIND: readonly RequirementId[] = ['SX-MSG-001', 'SX-MSG-002', ...SX_FRAME];
const SX_STATE: readonly RequirementId[] = [...SX_KIND, ...ids('SX-STATE', '001', '002')];
/** Sessions that should not have begun. */
const SX_REFUSED: readonly RequirementId[] = ids('SX-CONN', '010', '011', '017');
const SX_IS_FINAL: readonly RequirementId[] = [...SX_KIND, 'SX-PART-002', 'SX-FIN-002'];
const SX_TEXT: readonly RequirementId[] = ids('SX', 'PART-001', 'PART-006', 'FIN-001');
const SX_OFFSET: readonly RequirementId[] = ids('SX', 'PART-003', 'PART-005', 'PART-014', 'FIN-003');
const SX_WORDS: readonly RequirementId[] = ids('SX-FIN', '004', '005', '006', '022');
const SX_WORD_TIMES: readonly RequirementId[] = [...SX_WORDS, ...ids('SX-FIN', '008', '009')];
/** Streams are played. */
const SX_STREAMS: readonly RequirementId[] = ids('SX-STR', '007', '008', '009');
/** Results for actual speech. */
const SX_REAL: readonly RequirementId[] = [...SX_IS_FINAL, 'SX-FIN-004', 'SX-PART-007', 'SX-MIC-007'];
/** Results that must come only once. */
const SX_ONCE: readonly RequirementId[] = [
  ...SX_REAL,
  ...SX_TEXT,
  ...SX_OFFSET,
  ...ids('SX', 'FIN-014', 'FIN-016', 'PART-013'),
];
const SX_ORDER: readonly RequirementId[] = [
  ...SX_ONCE,
  ...ids('SX', 'PART-009', 'PART-010', 'FIN-012', 'FIN-013', 'FIN-015'),
];

const SCRIPTIX: readonly Row[] = [
  { these: ['SX-MSG-001'], on: SX_FRAME },
  { these: ['SX-MSG-002'], on: ['SX-MSG-001', ...SX_FRAME] },
  { these: [...ids('SX-STATE', '001'), ...ids('SX', 'ERR-001', 'PART-002')], on: SX_KIND },
  // What is wrong in all results is first wrong in partials.
  { these: ['SX-FIN-002'], on: [...SX_KIND, 'SX-PART-002'] },
  { these: ids('SX-STATE', '002'), on: [...SX_KIND, 'SX-STATE-001'] },
  // A stream on which nothing comes is not played, whatever else should have come.
  { these: ['SX-STATE-006'], on: [...SX_STATE, 'SX-ERR-001', ...SX_STREAMS] },
  { these: ids('SX-STR', '002', '010', '011', '012', '013'), on: SX_STREAMS },
  { these: ids('SX-STR', '008', '009'), on: ['SX-STR-007'] },
  { these: ['SX-STATE-003'], on: [...SX_STATE, ...SX_REFUSED] },
  { these: ids('SX-STATE', '004'), on: [...SX_STATE, ...SX_REFUSED, 'SX-STATE-003'] },
  {
    these: ids('SX-STATE', '005'),
    on: [...SX_STATE, ...SX_IS_FINAL, ...SX_REFUSED, 'SX-STATE-003', 'SX-STR-014'],
  },
  { these: ids('SX-STR', '014'), on: [...SX_STATE, ...SX_IS_FINAL] },
  {
    these: [
      ...ids('SX-STR', '002', '007', '008', '009', '010', '011', '012', '013'),
      ...ids('SX-CONN', '002', '003', '005', '006', '007', '008', '013', '016'),
    ],
    on: [...SX_STATE, ...SX_IS_FINAL, 'SX-ERR-001'],
  },
  { these: ['SX-ERR-002'], on: [...SX_IS_FINAL, 'SX-ERR-001'] },
  { these: ['SX-ERR-003'], on: ['TR-001', 'TR-004'] },

  { these: ids('SX-PART', '001', '003'), on: SX_KIND },
  { these: ['SX-FIN-001'], on: [...SX_KIND, 'SX-PART-001'] },
  { these: ['SX-FIN-003'], on: [...SX_KIND, 'SX-PART-003'] },
  { these: ids('SX', 'PART-004', 'FIN-004', 'FIN-019'), on: SX_IS_FINAL },
  { these: ids('SX-PART', '005', '006'), on: ids('SX-PART', '001', '003') },
  { these: ['SX-FIN-005', 'SX-FIN-022'], on: [...SX_IS_FINAL, 'SX-FIN-001', 'SX-FIN-004'] },
  { these: ['SX-FIN-006'], on: ids('SX', 'PART-003', 'FIN-003', 'FIN-005') },
  { these: ['SX-FIN-007'], on: SX_WORDS },
  { these: ['SX-FIN-008'], on: [...SX_WORDS, ...SX_OFFSET] },
  { these: ['SX-FIN-009'], on: [...SX_WORDS, ...SX_OFFSET, 'SX-FIN-008'] },
  { these: ['SX-FIN-010'], on: [...SX_WORDS, 'SX-PART-006', 'SX-FIN-001', 'SX-FIN-009'] },

  { these: ['SX-PART-007'], on: SX_IS_FINAL },
  { these: ['SX-PART-008'], on: [...SX_IS_FINAL, 'SX-FIN-004', 'SX-PART-007'] },
  { these: ['SX-MIC-007'], on: [...SX_IS_FINAL, 'SX-PART-007', 'SX-PART-008'] },
  { these: ['SX-PART-014'], on: [...SX_REAL, ...ids('SX-PART', '003', '005')] },
  { these: ids('SX-FIN', '014', '016'), on: [...SX_REAL, ...SX_TEXT, ...SX_OFFSET] },
  { these: ['SX-PART-013'], on: [...SX_REAL, ...SX_TEXT, ...SX_OFFSET, ...ids('SX-FIN', '014', '016')] },
  { these: ['SX-PART-009'], on: SX_ONCE },
  // A final of another session has the times of that one.
  { these: ['SX-FIN-012'], on: [...SX_ONCE, ...SX_WORD_TIMES, 'SX-PART-009', 'SX-ISO-001'] },
  { these: ['SX-FIN-013'], on: [...SX_ONCE, ...ids('SX', 'PART-009', 'FIN-012')] },
  { these: ['SX-PART-010'], on: [...SX_ONCE, ...ids('SX', 'PART-009', 'FIN-012', 'FIN-013')] },
  { these: ['SX-FIN-015'], on: [...SX_ONCE, ...ids('SX', 'PART-009', 'FIN-012', 'FIN-013', 'PART-010')] },
  { these: ['SX-FIN-011'], on: [...SX_ORDER, ...SX_WORD_TIMES, 'SX-FIN-012'] },
  { these: ['SX-FIN-023'], on: [...SX_ORDER, ...SX_WORD_TIMES, ...ids('SX-FIN', '011', '012')] },
  { these: ['SX-FIN-017'], on: SX_ORDER },
  { these: ['SX-FIN-018'], on: [...SX_ORDER, ...SX_WORD_TIMES, ...ids('SX-FIN', '011', '012')] },
  { these: ['SX-ISO-001'], on: [...SX_ONCE, 'SX-FIN-010'] },
  // Words of another session have other times, and do not match the words of the same audio.
  { these: ['SX-MIC-008'], on: [...SX_ONCE, 'SX-FIN-010', 'SX-ISO-001'] },
];

// The REST API of Scriptix: an answer must be well-formed before its fields are compared.
const REST: readonly Row[] = [
  { these: ids('SX-REST', '005', '006', '007', '008', '009', '022'), on: ['SX-REST-004'] },
  { these: ids('SX-REST', '006', '008'), on: ids('SX-REST', '005', '007') },
  { these: ['SX-REST-010'], on: ['SX-REST-004'] },
  { these: ['SX-REST-012'], on: ids('SX-REST', '004', '010') },
  { these: ids('SX-REST', '015', '017'), on: ids('SX-REST', '004', '010', '012') },
  { these: ids('SX-REST', '011', '013'), on: ids('SX-REST', '010', '012') },
  {
    these: ids('SX-REST', '018', '019', '020'),
    on: ids('SX-REST', '004', '005', '007', '008', '010', '012', '016'),
  },
  { these: ['SX-REST-021'], on: ids('SX-REST', '004', '007', '008', '010', '012', '018') },
];

// Reson8, in the same order.
const R8_KIND: readonly RequirementId[] = ['R8-MSG-001', 'R8-MSG-002', 'TR-003', 'TR-004'];
const R8_IS_FINAL: readonly RequirementId[] = [...R8_KIND, ...ids('R8-TR', '002', '004')];
const R8_TEXT: readonly RequirementId[] = ids('R8-TR', '001', '012');
const R8_TIMES: readonly RequirementId[] = ids('R8', 'TR-005', 'TR-009', 'TR-014', 'W-008');
const R8_REAL: readonly RequirementId[] = [...R8_IS_FINAL, ...R8_TEXT, 'R8-TR-013'];
const R8_ONCE: readonly RequirementId[] = [...R8_REAL, ...R8_TIMES, 'R8-TR-011'];

const RESON8: readonly Row[] = [
  { these: ['R8-MSG-001'], on: ['TR-003', 'TR-004'] },
  { these: ['R8-MSG-002'], on: ['R8-MSG-001'] },
  { these: ids('R8-TR', '001', '002', '005', '006', '007', '008'), on: R8_KIND },
  { these: ['R8-TR-004'], on: [...R8_KIND, ...ids('R8-TR', '001', '002', '005')] },
  { these: ['R8-TR-003'], on: [...R8_KIND, 'R8-TR-004'] },
  { these: ['R8-TR-009'], on: ids('R8-TR', '005', '006') },
  { these: ['R8-TR-012'], on: ids('R8-TR', '001', '002') },
  { these: ['R8-TR-013'], on: [...R8_IS_FINAL, ...R8_TEXT] },
  { these: ['R8-TR-014'], on: [...R8_REAL, ...ids('R8-TR', '005', '009')] },
  { these: ['R8-TR-011'], on: [...R8_REAL, ...R8_TIMES, 'R8-FL-002'] },
  { these: ['R8-TR-010'], on: R8_ONCE },
  { these: ['R8-TR-015'], on: [...R8_ONCE, 'R8-TR-010'] },
  { these: ['R8-W-001'], on: [...R8_KIND, ...ids('R8-TR', '007', '008')] },
  { these: ids('R8-W', '003', '004', '005'), on: ['R8-W-001'] },
  { these: ['R8-W-002'], on: ids('R8', 'W-001', 'TR-005') },
  { these: ['R8-W-006'], on: ids('R8-W', '001', '004') },
  { these: ['R8-W-007'], on: ids('R8', 'W-001', 'W-002', 'TR-009', 'TR-014') },
  { these: ['R8-W-009'], on: [...R8_KIND, ...R8_TEXT, 'R8-TR-007', ...ids('R8-W', '001', '007')] },
  {
    these: ['R8-W-008'],
    on: [...R8_KIND, ...ids('R8-TR', '005', '009', '014'), ...ids('R8-W', '001', '002', '007')],
  },
  { these: ['R8-W-010'], on: [...R8_TIMES, ...ids('R8-W', '001', '002', '007')] },

  { these: ['R8-FL-002'], on: R8_KIND },
  { these: ['R8-FL-003'], on: [...R8_KIND, 'R8-FL-002'] },
  { these: ['R8-FL-004'], on: [...R8_KIND, ...ids('R8-FL', '002', '003')] },
  { these: ['R8-FL-008'], on: [...R8_KIND, ...ids('R8-FL', '002', '003', '004')] },
  { these: ['R8-FL-005'], on: [...R8_KIND, ...ids('R8-FL', '002', '003', '004', '008')] },
  {
    these: ['R8-FL-007'],
    on: [...R8_ONCE, ...ids('R8-TR', '010'), ...ids('R8-FL', '002', '003', '004', '005', '008')],
  },
  { these: ['R8-FL-006'], on: [...R8_ONCE, ...ids('R8-FL', '002', '003', '004', '005', '007', '008')] },
  { these: ['R8-FL-009'], on: [...R8_ONCE, ...ids('R8-FL', '002', '003', '004', '006', '007', '008')] },
  { these: ['R8-FL-010'], on: [...R8_ONCE, ...ids('R8-FL', '002', '003', '004', '006', '007', '008')] },
  { these: ['R8-TOK-002'], on: ids('R8-AUTH', '003', '004') },
  { these: ids('R8-PRE', '002', '004'), on: ['R8-PRE-001'] },
  { these: ['R8-ERR-001'], on: ['R8-MSG-001'] },
  { these: ['R8-TR-017'], on: [...R8_ONCE, 'R8-TR-010', 'R8-FL-006', 'R8-ISO-001'] },
  { these: ['R8-ISO-001'], on: [...R8_ONCE, 'R8-W-009', 'R8-FL-006'] },
];

// Turns of Reson8.
const TURN_KIND: readonly RequirementId[] = ['R8-TURN-003', 'TR-003', 'TR-004'];
const TURN_ORDER: readonly RequirementId[] = [...TURN_KIND, ...ids('R8-TURN', '004', '005', '006')];

const TURNS: readonly Row[] = [
  // A gateway before both sockets refuses in the same way on both.
  { these: ['R8-TURN-002'], on: ids('R8-AUTH', '007', '008') },
  { these: ['R8-TURN-017'], on: ['R8-QRY-005'] },
  { these: ['R8-TURN-003'], on: ['TR-003', 'TR-004'] },
  { these: ids('R8-TURN', '004', '007', '009', '010', '011', '014', '016'), on: TURN_KIND },
  { these: ['R8-TURN-005'], on: [...TURN_KIND, 'R8-TURN-004'] },
  { these: ['R8-TURN-006'], on: [...TURN_KIND, ...ids('R8-TURN', '004', '005')] },
  { these: ['R8-TURN-008'], on: [...TURN_ORDER, ...ids('R8-TURN', '007', '009')] },
  { these: ['R8-TURN-013'], on: [...TURN_ORDER, ...ids('R8-TURN', '007', '008', '009')] },
  { these: ['R8-TURN-012'], on: [...TURN_KIND, ...ids('R8-TURN', '007', '009', '010', '013')] },
  { these: ['R8-TURN-015'], on: TURN_ORDER },
  { these: ['R8-TURN-018'], on: [...TURN_ORDER, 'R8-TURN-015'] },
  { these: ['R8-TURN-019'], on: [...TURN_ORDER, ...ids('R8-TURN', '007', '008', '012')] },
];

const TRANSPORT: readonly Row[] = [{ these: ['TR-004', 'TR-005'], on: ['TR-001', 'TR-003'] }];

const RESTS_ON: ReadonlyMap<string, ReadonlySet<string>> = directly([
  ...SCRIPTIX,
  ...REST,
  ...RESON8,
  ...TURNS,
  ...TRANSPORT,
]);

function directly(rows: readonly Row[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { these, on } of rows) {
    for (const id of these) {
      const own = found.get(id) ?? new Set();
      for (const base of on) if (base !== id) own.add(base);
      found.set(id, own);
    }
  }
  return found;
}

/** The requirements that show how `offset_ms` is read, and those that an undocumented reading breaks. */
const OFFSET_READINGS: readonly string[] = ids('SX', 'PART-009', 'FIN-013');
const OFFSETS = ids('SX', 'PART-009', 'PART-010', 'PART-013', 'FIN-013', 'FIN-014', 'FIN-015');

/**
 * Requirements that a result must meet before it shows a reading of the documents through this requirement. They may
 * rest on this one, since a reading is never a cause.
 */
export function basesOfReadings(id: string): readonly string[] {
  return OFFSET_READINGS.includes(id) ? OFFSETS : [];
}

const known = new Map<string, readonly string[]>();

/**
 * All requirements that one rests on, directly or through others, the most basic first.
 * @throws Error when it rests on itself: the table has a circle
 */
export function basesOf(id: string, above: readonly string[] = []): readonly string[] {
  const found = known.get(id);
  if (found !== undefined) return found;
  if (above.includes(id)) throw new Error([...above, id].join(' rests on '));
  const bases = new Set<string>();
  for (const base of RESTS_ON.get(id) ?? []) {
    for (const deeper of basesOf(base, [...above, id])) bases.add(deeper);
    bases.add(base);
  }
  known.set(id, [...bases]);
  return [...bases];
}

/** Every requirement that rests on others, or on which others rest. */
export function allInTable(): readonly string[] {
  return [...new Set([...RESTS_ON].flatMap(([id, bases]) => [id, ...bases]))].sort();
}
