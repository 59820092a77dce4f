import { parseDuration } from '../../../src/runtime/duration.ts';
import type { ScenarioFile } from '../../../src/scenario/schema/schema.ts';
import { isPartOf } from '../../../src/scenario/is-part-of.ts';
import { kindOf } from '../message-kind.ts';
import type { RawAnswer } from '../clients/raw.ts';
import type { WireMessage } from '../clients/wire-client.ts';
import type { CallOutcome } from './calls.ts';
import type { ConnectionOutcome, Played } from './player.ts';

type Expect = NonNullable<ScenarioFile['expect']>;
type Listed = Extract<Expect, readonly unknown[]>[number];
type ExpectedCall = Extract<Listed, { call: unknown }>;
type ExpectedConnection = Exclude<Listed, ExpectedCall>;
type TimeRange = ExpectedConnection['takes'];

/** All differences between what was played and what the scenario expects. */
export function judge(expect: ScenarioFile['expect'], { outcomes, failures }: Played): readonly string[] {
  const wrong = [...failures];
  if (expect === undefined) return [...wrong, 'the scenario expects nothing'];
  const isList = Array.isArray(expect);
  const expected: readonly Listed[] = isList ? expect : outcomes.map(() => expect);
  if (expected.length !== outcomes.length) {
    wrong.push(`expected ${expected.length} connections and calls, there were ${outcomes.length}`);
  }
  if (expected.length === 0) wrong.push('the scenario expects nothing');
  for (const [i, one] of expected.entries()) {
    const outcome = outcomes[i];
    if (outcome === undefined) continue;
    const mistakes = judgeOne(one, outcome);
    wrong.push(...mistakes.map((mistake) => (expected.length === 1 ? mistake : `${i + 1}: ${mistake}`)));
  }
  return wrong;
}

function judgeOne(expected: Listed, outcome: ConnectionOutcome | CallOutcome): readonly string[] {
  if ('call' in expected) {
    return outcome.kind === 'call' ? judgeCall(expected, outcome) : ['expected a call, it was a connection'];
  }
  return outcome.kind === 'connection'
    ? judgeConnection(expected, outcome)
    : ['expected a connection, it was a call'];
}

function judgeCall(expected: ExpectedCall, outcome: CallOutcome): readonly string[] {
  const { client, call, dialledMs, doneMs } = outcome;
  return [
    ...differs('call', expected.call, call),
    ...differs('status', expected.status, statusOf(outcome)),
    ...judgeAnswer(expected, client.answer),
    ...judgeTime('takes', expected.takes, doneMs - dialledMs),
  ];
}

function judgeConnection(expected: ExpectedConnection, outcome: ConnectionOutcome): readonly string[] {
  const { client, dialledMs, firstAudioMs, doneMs } = outcome;
  const values = client.messages.map(({ value }) => value);
  const count = (kind: ReturnType<typeof kindOf>) => values.filter((value) => kindOf(value) === kind).length;
  const states = values.filter((value) => kindOf(value) === 'state');
  const firstResult = client.messages.find(({ value }) =>
    ['partial', 'final', 'turn_end_candidate'].includes(kindOf(value) ?? ''),
  );
  const sinceAudioMs =
    firstResult === undefined || firstAudioMs === undefined ? undefined : firstResult.atMs - firstAudioMs;
  const { handshake = 101 } = expected;
  const wrong = [
    ...(saysSomething(expected) ? [] : ['expect has to say how the handshake or the connection ends']),
    ...differs('handshake', handshake, statusOf(outcome)),
    ...judgeAnswer(expected, client.answer),
    ...judgeMessages(expected.messages, client.messages),
    ...(expected.states === undefined
      ? []
      : differs(
          'states',
          expected.states.join(', '),
          states.map((value) => (value as { state: string }).state).join(', '),
        )),
    ...judgeCount('partials', expected.partials, count('partial')),
    ...judgeCount('finals', expected.finals, count('final')),
    ...judgeCount('confirmations', expected.confirmations, count('confirmation')),
    ...judgeCount('candidates', expected.candidates, count('turn_end_candidate')),
    ...judgeCount('turns', expected.turns, count('turn_end')),
    ...judgeCount('errors', expected.errors, count('error')),
    ...judgeCount('pings', expected.pings, client.pings),
    ...judgeCount('fragments', expected.fragments ?? 0, client.fragments),
    ...differs('malformed', expected.malformed ?? 'nothing', client.malformed ?? 'nothing'),
    ...judgeTime('first-result', expected['first-result'], sinceAudioMs),
    ...judgeTime('takes', expected.takes, doneMs - dialledMs),
    ...(expected.end === undefined ? [] : differs('end', expected.end, endOf(outcome))),
    ...(expected.reason === undefined ? [] : differs('reason', expected.reason, client.close?.reason)),
  ];
  if (wrong.length === 0) return wrong;
  return [
    ...wrong,
    `came: ${values
      .map((value) => JSON.stringify(value))
      .join(' ')
      .slice(0, 4000)}`,
  ];
}

/** Whether an expectation is complete: for a session that opens, its end and something about its messages. */
function saysSomething(expected: ExpectedConnection): boolean {
  const {
    handshake = 101,
    end,
    messages,
    states,
    partials,
    finals,
    confirmations,
    candidates,
    turns,
    errors,
    malformed,
  } = expected;
  if (handshake !== 101) return true;
  const said = [messages, states, partials, finals, confirmations, candidates, turns, errors, malformed];
  return end !== undefined && said.some((one) => one !== undefined);
}

/** The status of the answer, or what came instead of a complete one. */
function statusOf({ client }: ConnectionOutcome | CallOutcome): number | string {
  if (client.answer?.isCut === true) return 'cut';
  if (client.answer !== undefined) return client.answer.status;
  switch (client.tcp) {
    case 'fin':
      return 'dropped';
    case 'reset':
      return 'reset';
    case 'refused':
      return 'refused';
    case undefined:
      return 'none';
  }
}

/** The end as seen on the wire: the Close frame of the server, otherwise the end of TCP. */
export function endOf({ client }: ConnectionOutcome): number | string {
  return client.close?.code ?? client.tcp ?? 'open';
}

function judgeAnswer(
  expected: Pick<ExpectedConnection, 'headers' | 'body'>,
  answer: RawAnswer | undefined,
): readonly string[] {
  const headers = Object.entries(expected.headers ?? {}).flatMap(([name, value]) =>
    differs(`header ${name}`, value, answer?.headers[name.toLowerCase()] ?? false),
  );
  if (expected.body === undefined) return headers;
  const text = answer?.body ?? '';
  const isSame =
    typeof expected.body === 'string' ? expected.body === text : isPartOf(expected.body, jsonOf(text));
  return isSame ? headers : [...headers, ...differs('body', JSON.stringify(expected.body), text)];
}

/** In this order, perhaps with others between them; a string has to equal the whole message. */
function judgeMessages(
  expected: readonly unknown[] | undefined,
  messages: readonly WireMessage[],
): readonly string[] {
  let at = 0;
  for (const [i, one] of (expected ?? []).entries()) {
    const found = messages.findIndex(
      ({ text, value }, place) =>
        place >= at && (typeof one === 'string' ? one === text : isPartOf(one, value)),
    );
    if (found < 0) return [`message ${i + 1} did not come (in this order): ${JSON.stringify(one)}`];
    at = found + 1;
  }
  return [];
}

function judgeCount(
  what: string,
  expected: number | { min?: number | undefined; max?: number | undefined } | undefined,
  actual: number,
): readonly string[] {
  if (expected === undefined) return [];
  if (typeof expected === 'number') return differs(what, expected, actual);
  const { min = 0, max = Infinity } = expected;
  return actual >= min && actual <= max ? [] : differs(what, `${min} to ${max}`, actual);
}

function judgeTime(what: string, expected: TimeRange, actualMs: number | undefined): readonly string[] {
  if (expected === undefined) return [];
  const minMs = parseDuration(expected.min ?? '') ?? 0;
  const maxMs = parseDuration(expected.max ?? '') ?? Infinity;
  const isIn = actualMs !== undefined && actualMs >= minMs && actualMs <= maxMs;
  return isIn ? [] : differs(what, `${minMs} to ${maxMs} ms`, actualMs);
}

function differs(what: string, expected: unknown, actual: unknown): readonly string[] {
  return expected === actual ? [] : [`${what}: expected ${String(expected)}, got ${String(actual)}`];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
