import { describe, expect, it } from 'vitest';
import { REQUIREMENTS, type RequirementId, type TopicId } from '../../src/protocol/requirements.ts';
import { rowsOf } from '../../src/protocol/rows.ts';
import { perConversation } from '../../src/conformance/judge/invariant.ts';

describe('the id of a requirement', () => {
  it('has a type, so that a misspelt one does not compile', () => {
    const right: RequirementId = 'SX-FIN-014';
    // @ts-expect-error a letter where a digit belongs
    const misspelt: RequirementId = 'SX-FIN-O14';
    // @ts-expect-error an unknown number
    const unused: RequirementId = 'SX-FIN-999';
    // @ts-expect-error a topic instead of a requirement
    const topic: RequirementId = 'SX-I12';
    const own: TopicId = 'SX-I12';

    expect(REQUIREMENTS.map(({ id }) => id)).toContain(right);
    expect(REQUIREMENTS.map(({ id }) => id)).not.toContain(misspelt);
    expect([unused, topic, own]).toHaveLength(3);
  });

  it('is the type of the id of an invariant', () => {
    const judge = () => [];

    // @ts-expect-error a letter where a digit belongs
    expect(perConversation('R8-TR-0O1', judge).id).not.toBe(perConversation('R8-TR-001', judge).id);
  });

  it('is literally that of its row', () => {
    const { must } = rowsOf('reson8');
    const row = must('R8-TR-001', 'server', 'S4:1', { statement: 'It is so', unchecked: 'not here' });
    const id: 'R8-TR-001' = row.id;

    expect(id).toBe('R8-TR-001');
  });
});
