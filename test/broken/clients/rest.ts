import type { BrokenClient } from './mistake.ts';

type Rest = Omit<BrokenClient, 'dialect'>;

const mistakes: readonly Rest[] = [
  {
    id: 'SX-REST-001',
    breaks: 'initialises with GET',
    mistake: 'initialises-with-get',
    scenarios: ['already-ready'],
  },
  {
    id: 'SX-REST-001',
    breaks: 'initialises somewhere else',
    mistake: 'other-initialize-path',
    scenarios: ['already-ready'],
  },
  {
    id: 'SX-REST-002',
    breaks: 'asks for the status somewhere else',
    mistake: 'other-status-path',
    scenarios: ['already-ready'],
  },
  { id: 'SX-REST-003', breaks: 'sends no key', mistake: 'no-key', scenarios: ['unauthorized'] },
  {
    id: 'SX-REST-003',
    breaks: 'sends its key in Authorization: Bearer, which no document has',
    mistake: 'other-key-header',
    scenarios: ['already-ready'],
  },
  {
    id: 'SX-REST-023',
    breaks: 'ignores the endpoint and connects to a fixed address',
    mistake: 'ignores-endpoint',
    scenarios: ['endpoint-elsewhere'],
  },
  {
    id: 'SX-REST-024',
    breaks: 'connects before it initialises',
    mistake: 'connects-first',
    scenarios: ['happy-path'],
  },
  {
    id: 'SX-REST-025',
    breaks: 'takes any answer of initialize for readiness',
    mistake: 'ignores-ready',
    scenarios: ['ready-later'],
  },
  {
    id: 'SX-REST-025',
    breaks: 'connects whatever ready says',
    mistake: 'does-not-initialise',
    scenarios: ['starting', 'ready-later', 'happy-path', 'other-wording', 'forbidden'],
    unavoidable: [
      { id: 'SX-REST-024', why: 'the service had not reported that it is ready' },
      { id: 'SX-REST-026', why: 'it goes neither by ready nor by the message, and the latter is undecided' },
    ],
  },
  {
    id: 'SX-REST-026',
    breaks: 'looks for "ready" in the message',
    mistake: 'believes-the-message',
    scenarios: ['other-wording'],
    unavoidable: [
      { id: 'SX-REST-024', why: 'the service had not reported that it is ready' },
      { id: 'SX-REST-025', why: 'ready was false' },
    ],
  },
  {
    id: 'SX-REST-027',
    breaks: 'connects after a failure',
    mistake: 'connects-after-failure',
    scenarios: ['forbidden'],
    unavoidable: [{ id: 'SX-REST-025', why: 'the status had said that ready is false' }],
  },
  {
    id: 'SX-REST-027',
    breaks: 'retries forever after a failure',
    mistake: 'retries-for-ever',
    scenarios: ['forbidden'],
  },
  {
    id: 'SX-REST-027',
    breaks: 'does not report a failure',
    mistake: 'hides-failures',
    scenarios: ['forbidden', 'unauthorized', 'initialize-breaks', 'fails-to-start'],
  },
];

export const REST_CLIENTS: readonly BrokenClient[] = mistakes.map((each) => ({
  dialect: 'scriptix-rest' as const,
  ...each,
}));
