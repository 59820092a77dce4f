import type { BrokenClient } from './mistake.ts';

type Reson8 = Omit<BrokenClient, 'dialect'>;

const mistakes: readonly Reson8[] = [
  {
    id: 'R8-CONN-001',
    breaks: 'connects to another path',
    mistake: 'other-path',
    scenarios: ['refused-401'],
  },
  {
    id: 'R8-AUTH-001',
    breaks: 'presents its credential in an undocumented form',
    mistake: 'no-credential',
    scenarios: ['refused-401'],
  },
  {
    id: 'R8-AUTH-001',
    breaks: 'presents its credential in two forms at once',
    mistake: 'two-credentials',
    scenarios: ['refused-401'],
  },
  {
    id: 'R8-QRY-001',
    breaks: 'sends an unknown encoding',
    mistake: 'other-encoding',
    scenarios: ['refused-401'],
  },
  { id: 'R8-QRY-002', breaks: 'sends a sample rate below 0', mistake: 'no-rate', scenarios: ['refused-401'] },
  { id: 'R8-QRY-003', breaks: 'has no channel', mistake: 'no-channels', scenarios: ['refused-401'] },
  {
    id: 'R8-QRY-004',
    breaks: 'spells a flag 1',
    mistake: 'flags-in-numbers',
    scenarios: ['refused-401'],
  },
  {
    id: 'R8-QRY-006',
    breaks: 'cuts samples in half',
    mistake: 'half-samples',
    scenarios: ['flush-empty-transcript'],
  },
  {
    id: 'R8-MSG-003',
    breaks: 'sends audio as text',
    mistake: 'audio-as-text',
    scenarios: ['happy-path'],
  },
  { id: 'R8-MSG-004', breaks: 'sends a request of its own', mistake: 'says-more', scenarios: ['happy-path'] },
  {
    id: 'R8-MSG-005',
    breaks: 'takes a type that it does not know for an error',
    mistake: 'needs-known-types',
    scenarios: ['unknown-message'],
  },
  {
    id: 'R8-MSG-005',
    breaks: 'falls 15 ms after a type that it does not know, and sends audio until then',
    mistake: 'falls-soon',
    scenarios: ['unknown-message'],
  },
  {
    id: 'R8-TR-016',
    breaks: 'appends interims',
    mistake: 'appends',
    scenarios: ['language-empty-on-interims'],
  },
  {
    id: 'R8-TR-016',
    breaks: 'appends interims without a space',
    mistake: 'appends-tightly',
    scenarios: ['language-empty-on-interims'],
  },
  {
    id: 'R8-TR-016',
    breaks: 'puts each interim on a line above the one before',
    mistake: 'prepends',
    scenarios: ['language-empty-on-interims'],
  },
  {
    id: 'R8-TR-016',
    breaks: 'distinguishes finals by their text, and loses the second yes',
    mistake: 'finals-by-text',
    scenarios: ['yes-twice'],
  },
  {
    id: 'R8-TR-016',
    breaks: 'keeps a final twice that came once',
    mistake: 'counts-every-final-twice',
    scenarios: ['happy-path'],
  },
  { id: 'R8-FL-001', breaks: 'numbers its flushes', mistake: 'numeric-id', scenarios: ['happy-path'] },
  {
    id: 'R8-FL-001',
    breaks: 'flushes in a binary message',
    mistake: 'flush-in-binary',
    scenarios: ['happy-path'],
  },
  {
    id: 'R8-FL-011',
    breaks: 'takes any confirmation for its own',
    mistake: 'any-confirmation',
    scenarios: ['confirmation-of-another'],
    unavoidable: [],
  },
  {
    id: 'R8-FL-011',
    breaks: 'sends no id, and takes null for an error',
    mistake: 'null-is-wrong',
    scenarios: ['happy-path'],
  },
  {
    id: 'R8-FL-012',
    breaks: 'closes directly after its flush',
    mistake: 'closes-after-flush',
    scenarios: ['confirmation-late'],
  },
  {
    id: 'R8-FL-013',
    breaks: 'has one id for all flushes',
    mistake: 'same-ids',
    scenarios: ['confirmation-late'],
  },
  {
    id: 'R8-ERR-002',
    breaks: 'keeps a refusal for itself',
    mistake: 'hides-refusals',
    scenarios: ['refused-400', 'refused-401', 'refused-500'],
  },
  {
    id: 'R8-ERR-002',
    breaks: 'does not report an error',
    mistake: 'hides-errors',
    scenarios: ['error-mid-session'],
  },
  {
    id: 'TR-001',
    breaks: 'sends a Close frame with 1006',
    mistake: 'close-1006',
    scenarios: ['happy-path'],
  },
  { id: 'TR-002', breaks: 'does not answer pings', mistake: 'no-pong', scenarios: ['server-pings'] },
  { id: 'TR-003', breaks: 'sends text that is not UTF-8', mistake: 'bad-utf8', scenarios: ['happy-path'] },
  {
    id: 'TR-004',
    breaks: 'sends audio after its Close frame',
    mistake: 'data-after-close',
    scenarios: ['happy-path'],
  },
  {
    id: 'TR-005',
    breaks: 'does not answer a Close frame',
    mistake: 'bad-close-answer',
    scenarios: ['error-mid-session'],
  },
];

export const RESON8_CLIENTS: readonly BrokenClient[] = mistakes.map((each) => ({
  dialect: 'reson8' as const,
  ...each,
}));
