import { DOCUMENTS } from '../../src/protocol/documents.ts';
import { dialectsOf, VENDORS } from '../../src/protocol/dialects.ts';
import { describe, expect, it } from 'vitest';
import { INVARIANTS } from '../../src/conformance/invariants/invariants.ts';
import type { Requirement } from '../../src/protocol/requirement.ts';
import { about, OBSERVATIONS, REQUIREMENTS, requirementsFor } from '../../src/protocol/requirements.ts';

/** The number of lines of each document. */
const LINE_COUNTS: Readonly<Record<string, number>> = { S0: 86, S1: 51, S2: 137, S3: 170, S4: 134 };

/** The ids are in reports and baselines of other people, so none of them may disappear or change its meaning. */
const IDS = words(`
  SX-CONN-001 SX-CONN-002 SX-CONN-003 SX-CONN-004 SX-CONN-005 SX-CONN-006 SX-CONN-007 SX-CONN-008
  SX-CONN-009 SX-CONN-010 SX-CONN-011 SX-CONN-012 SX-CONN-013 SX-CONN-014 SX-CONN-015 SX-CONN-016
  SX-CONN-017 SX-CONN-018 SX-CONN-019 SX-CONN-020 SX-CONN-021 SX-CONN-022
  SX-MIC-001 SX-MIC-002 SX-MIC-003 SX-MIC-004 SX-MIC-005 SX-MIC-006 SX-MIC-007 SX-MIC-008
  SX-STR-001 SX-STR-002 SX-STR-003 SX-STR-004 SX-STR-005 SX-STR-006 SX-STR-007 SX-STR-008
  SX-STR-009 SX-STR-010 SX-STR-011 SX-STR-012 SX-STR-013 SX-STR-014
  SX-STATE-001 SX-STATE-002 SX-STATE-003 SX-STATE-004 SX-STATE-005 SX-STATE-006 SX-STATE-007
  SX-STATE-008 SX-STATE-009
  SX-MSG-001 SX-MSG-002 SX-MSG-003
  SX-ISO-001
  SX-PART-001 SX-PART-002 SX-PART-003 SX-PART-004 SX-PART-005 SX-PART-006 SX-PART-007 SX-PART-008
  SX-PART-009 SX-PART-010 SX-PART-011 SX-PART-012 SX-PART-013 SX-PART-014
  SX-FIN-001 SX-FIN-002 SX-FIN-003 SX-FIN-004 SX-FIN-005 SX-FIN-006 SX-FIN-007 SX-FIN-008
  SX-FIN-009 SX-FIN-010 SX-FIN-011 SX-FIN-012 SX-FIN-013 SX-FIN-014 SX-FIN-015 SX-FIN-016
  SX-FIN-017 SX-FIN-018 SX-FIN-019 SX-FIN-020 SX-FIN-021 SX-FIN-022 SX-FIN-023
  SX-ERR-001 SX-ERR-002 SX-ERR-003 SX-ERR-004 SX-ERR-005 SX-ERR-006
  SX-REST-001 SX-REST-002 SX-REST-003 SX-REST-004 SX-REST-005 SX-REST-006 SX-REST-007 SX-REST-008
  SX-REST-009 SX-REST-010 SX-REST-011 SX-REST-012 SX-REST-013 SX-REST-014 SX-REST-015 SX-REST-016
  SX-REST-017 SX-REST-018 SX-REST-019 SX-REST-020 SX-REST-021 SX-REST-022 SX-REST-023 SX-REST-024
  SX-REST-025 SX-REST-026 SX-REST-027
  R8-CONN-001
  R8-AUTH-001 R8-AUTH-002 R8-AUTH-003 R8-AUTH-004 R8-AUTH-005 R8-AUTH-006 R8-AUTH-007 R8-AUTH-008
  R8-QRY-001 R8-QRY-002 R8-QRY-003 R8-QRY-004 R8-QRY-005 R8-QRY-006 R8-QRY-007
  R8-MSG-001 R8-MSG-002 R8-MSG-003 R8-MSG-004 R8-MSG-005
  R8-ISO-001
  R8-TR-001 R8-TR-002 R8-TR-003 R8-TR-004 R8-TR-005 R8-TR-006 R8-TR-007 R8-TR-008
  R8-TR-009 R8-TR-010 R8-TR-011 R8-TR-012 R8-TR-013 R8-TR-014 R8-TR-015 R8-TR-016 R8-TR-017
  R8-W-001 R8-W-002 R8-W-003 R8-W-004 R8-W-005 R8-W-006 R8-W-007 R8-W-008
  R8-W-009 R8-W-010
  R8-FL-001 R8-FL-002 R8-FL-003 R8-FL-004 R8-FL-005 R8-FL-006 R8-FL-007 R8-FL-008
  R8-FL-009 R8-FL-010 R8-FL-011 R8-FL-012 R8-FL-013
  R8-ERR-001 R8-ERR-002 R8-ERR-003
  R8-TURN-001 R8-TURN-002 R8-TURN-003 R8-TURN-004 R8-TURN-005 R8-TURN-006 R8-TURN-007 R8-TURN-008
  R8-TURN-009 R8-TURN-010 R8-TURN-011 R8-TURN-012 R8-TURN-013 R8-TURN-014 R8-TURN-015 R8-TURN-016
  R8-TURN-017 R8-TURN-018 R8-TURN-019 R8-TURN-020 R8-TURN-021 R8-TURN-022 R8-TURN-023 R8-TURN-024
  R8-TURN-025 R8-TURN-026
  R8-TOK-001 R8-TOK-002 R8-TOK-003 R8-TOK-004
  R8-PRE-001 R8-PRE-002 R8-PRE-003 R8-PRE-004 R8-PRE-005
  R8-ERR-004
  TR-001 TR-002 TR-003 TR-004 TR-005
`);

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

const idsOf = (entries: readonly { readonly id: string }[]) => entries.map(({ id }) => id);

describe('the requirements', () => {
  it('are these and no others, each once, in this order', () => {
    expect(idsOf(REQUIREMENTS)).toEqual(IDS);
    expect(new Set(IDS).size).toBe(233);
  });

  it('have the expected number of each level and side', () => {
    const counts: Record<string, number> = {};
    for (const { level, side } of REQUIREMENTS) {
      counts[`${level} ${side}`] = (counts[`${level} ${side}`] ?? 0) + 1;
    }

    expect(counts).toEqual({
      'MUST server': 78,
      'MUST client': 26,
      'MUST both': 11,
      'SHOULD server': 85,
      'SHOULD client': 32,
      'INFO server': 1,
    });
  });

  it.each([
    ['scriptix', 127],
    ['reson8', 101],
  ] as const)('of %s are %i own ones and those of the transport', (service, count) => {
    const found = idsOf(about(dialectsOf(service), REQUIREMENTS));
    const transport = ['TR-001', 'TR-002', 'TR-003', 'TR-004', 'TR-005'];

    expect(found.slice(count)).toEqual(transport);

    const prefix = service === 'scriptix' ? /^SX-/ : /^R8-/;
    for (const id of found.slice(0, count)) expect(id).toMatch(prefix);
  });

  it('of a side are its own and those of both sides', () => {
    const server = idsOf(requirementsFor(['reson8'], 'server'));
    const client = idsOf(requirementsFor(['reson8'], 'client'));

    expect(server).toEqual(expect.arrayContaining(['R8-CONN-001', 'R8-TR-001', 'TR-002']));
    expect(server).not.toContain('R8-QRY-001');
    expect(client).toEqual(expect.arrayContaining(['R8-CONN-001', 'R8-QRY-001', 'TR-002']));
    expect(client).not.toContain('R8-TR-001');
    expect(requirementsFor(['reson8']).length).toBe(70);
  });

  it('are sentences without a full stop', () => {
    for (const { id, statement } of REQUIREMENTS) expect(statement, id).toMatch(/^[A-Z].{15,}[^.\s]$/);
  });

  it('of one service all differ', () => {
    for (const dialects of VENDORS.map(dialectsOf)) {
      const statements = about(dialects, REQUIREMENTS).map(({ statement }) => statement);
      expect(new Set(statements).size).toBe(statements.length);
    }
  });

  it('say what has to happen to check them, or why they cannot be checked', () => {
    for (const { id, check } of REQUIREMENTS) {
      expect(check.kind === 'none' ? check.reason : check.witness, id).toMatch(/^[a-z].{3,}[^.\s]$/i);
    }
  });

  it('can all be checked, with one exception', () => {
    expect(idsOf(REQUIREMENTS.filter(({ check }) => check.kind === 'none'))).toEqual(['SX-CONN-001']);
  });

  it('name only existing ambiguities', () => {
    for (const { id, ambiguity } of REQUIREMENTS) {
      if (ambiguity !== undefined) expect(ambiguity, id).toMatch(/^A([1-9]|1\d|2[0-6])$/);
    }
  });

  it('have a source, with four exceptions that go without saying', () => {
    const without = REQUIREMENTS.filter(({ source }) => source.length === 0);
    expect(without.map(({ id, level }) => `${level} ${id}`)).toEqual([
      'SHOULD SX-ISO-001',
      'SHOULD R8-MSG-005',
      'SHOULD R8-ISO-001',
      'SHOULD R8-TURN-019',
    ]);
  });
});

describe('the observations', () => {
  it('are these and no others', () => {
    const numbered = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, i) => `${prefix}-I${String(i + 1).padStart(2, '0')}`);
    expect(idsOf(OBSERVATIONS)).toEqual([...numbered('SX', 13), ...numbered('R8', 8), ...numbered('TR', 1)]);
  });

  it('are listed for the service that they are about', () => {
    expect(idsOf(about(dialectsOf('scriptix'), OBSERVATIONS)).every((id) => /^(SX|TR)-/.test(id))).toBe(true);
    expect(idsOf(about(dialectsOf('reson8'), OBSERVATIONS)).every((id) => /^(R8|TR)-/.test(id))).toBe(true);
  });
});

it.each([...REQUIREMENTS, ...OBSERVATIONS])('$id refers to existing lines', ({ source }) => {
  for (const { document, line = 0, lastLine = line, section } of source) {
    if (section !== undefined) expect(document).toBe('RFC 6455');
    else if (/^[A-Z]+$/.test(document)) expect([...DOCUMENTS.keys()]).toContain(document);
    else {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(lastLine).toBeGreaterThanOrEqual(line);
      expect(lastLine).toBeLessThanOrEqual(LINE_COUNTS[document] ?? 0);
    }
  }
});

describe('requirements and invariants', () => {
  const isChecked = ({ check }: Requirement) => check.kind === 'invariant';

  it('correspond: each requirement that can be checked has one invariant, and no other has one', () => {
    const expected = idsOf(REQUIREMENTS.filter(isChecked));
    expect([...idsOf(INVARIANTS)].sort()).toEqual([...expected].sort());
  });
});
