import { GONE, type BrokenClient } from './mistake.ts';

type Stream = Omit<BrokenClient, 'dialect'>;

const mistakes: readonly Stream[] = [
  {
    id: 'SX-CONN-003',
    breaks: 'has more in its path than the token',
    mistake: 'other-path',
    scenarios: ['refused-401'],
  },
  { id: 'SX-CONN-004', breaks: 'presents no token', mistake: 'no-token', scenarios: ['refused-401'] },
  {
    id: 'SX-CONN-012',
    breaks: 'sends the name of the language instead of its code',
    mistake: 'other-language',
    scenarios: ['yes-twice'],
  },
  { id: 'SX-CONN-014', breaks: 'sends an unknown type', mistake: 'other-type', scenarios: ['refused-401'] },
  {
    id: 'SX-CONN-015',
    breaks: 'sends no type',
    mistake: 'no-type',
    scenarios: ['refused-401'],
    isDoubtful: true,
  },
  {
    id: 'SX-CONN-018',
    breaks: 'abandons a connection attempt after 25 s',
    mistake: 'gives-up-late',
    scenarios: ['handshake-hangs'],
  },
  {
    id: 'SX-CONN-020',
    breaks: 'encodes its token twice',
    mistake: 'token-not-encoded',
    scenarios: ['refused-401'],
  },
  {
    id: 'SX-CONN-021',
    breaks: 'abandons a connection attempt after 5 s',
    mistake: 'gives-up-early',
    scenarios: ['slow-handshake'],
  },
  { id: 'SX-STR-001', breaks: 'names no stream', mistake: 'no-url', scenarios: ['refused-401'] },
  {
    id: 'SX-STR-003',
    breaks: 'repeats its token in the query',
    mistake: 'token-twice',
    scenarios: ['refused-401'],
  },
  {
    id: 'SX-STR-004',
    breaks: 'does not encode the URL of the stream',
    mistake: 'url-not-encoded',
    scenarios: ['refused-401'],
  },
  { id: 'SX-STR-005', breaks: 'sends audio', mistake: 'sends-audio', scenarios: ['yes-twice'] },
  {
    id: 'SX-STR-006',
    breaks: 'sends start',
    mistake: 'starts',
    scenarios: ['yes-twice'],
    unavoidable: [{ id: 'TR-003', why: 'what it sends is text, which can be checked' }],
  },
  {
    id: 'SX-STATE-007',
    breaks: 'leaves when it gets an unknown state',
    mistake: 'needs-known-states',
    scenarios: ['unknown-state'],
    unavoidable: GONE,
  },
  {
    id: 'SX-MSG-003',
    breaks: 'leaves when a result has an unknown field',
    mistake: 'needs-known-fields',
    scenarios: ['extra-fields'],
    unavoidable: GONE,
  },
  { id: 'SX-PART-012', breaks: 'appends partials', mistake: 'appends', scenarios: ['partials-rewrite'] },
  {
    id: 'SX-FIN-020',
    breaks: 'takes a final without a speaker for an error',
    mistake: 'needs-speaker',
    scenarios: ['speaker-now-and-then'],
  },
  {
    id: 'SX-FIN-021',
    breaks: 'distinguishes finals by their text, and loses the second yes',
    mistake: 'finals-by-text',
    scenarios: ['yes-twice'],
  },
  {
    id: 'SX-ERR-004',
    breaks: 'ends a session with an undocumented code',
    mistake: 'close-4000',
    scenarios: ['error-stays-open'],
  },
  {
    id: 'SX-ERR-005',
    breaks: 'does not report an error',
    mistake: 'hides-errors',
    scenarios: ['invalid-stream', 'error-stays-open'],
  },
  {
    id: 'SX-ERR-006',
    breaks: 'takes 1006 for a normal end',
    mistake: '1006-is-fine',
    scenarios: ['reconnect-after-drop'],
  },
  { id: 'TR-002', breaks: 'does not answer pings', mistake: 'no-pong', scenarios: ['server-pings'] },
  {
    id: 'TR-005',
    breaks: 'does not answer a Close frame',
    mistake: 'bad-close-answer',
    scenarios: ['yes-twice'],
  },
];

export const STREAM_CLIENTS: readonly BrokenClient[] = mistakes.map((each) => ({
  dialect: 'scriptix-stream' as const,
  ...each,
}));
