import { expect, it } from 'vitest';
import { ATTACHED, subjectText } from '../../../src/conformance/report/subject.ts';
import { ALL_GREEN } from './sample.ts';

it.each([
  { kind: 'server', target: 'wss://api.example.com', text: 'the server at <wss://api.example.com>' },
  { kind: 'client', target: 'node client.mjs', text: 'the client <node client.mjs>' },
  { kind: 'client', target: ATTACHED, text: 'an externally started client' },
  { kind: 'trace', target: 'traces/s1.ndjson', text: 'the trace <traces/s1.ndjson>' },
] as const)('the report says that $text was judged', ({ kind, target, text }) => {
  const { subject } = ALL_GREEN.report;

  const said = subjectText({ ...subject, kind, target }, (shown) => `<${shown}>`);

  expect(said).toBe(text);
});
