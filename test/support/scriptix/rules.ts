import { serverMessage } from '../../../src/protocol/scriptix/messages.ts';
import type { Received } from '../clients/client.ts';

/** Everything that came over one Scriptix connection, and how long the audio was that had been sent by then. */
export interface History {
  readonly messages: readonly Received[];
  /** Milliseconds of audio in this many bytes that were sent. Without it the audio clock is not known. */
  readonly audioMs?: (audioBytes: number) => number;
}

export type Word = readonly [text: string, startMs: number, endMs: number, confidence: number];

/** A result as it came. Its fields are what the message claims: the rules find out whether they are. */
export interface Result {
  readonly message: Received;
  readonly text: string;
  readonly isFinal: boolean;
  readonly offsetMs: number;
  readonly stability: number;
  readonly words: readonly Word[];
}

/** Yields what breaks the rule; nothing if the history keeps it. */
export type Rule = (history: History) => readonly string[];

/** Everything that is wrong with a history, each with the id of the rule. */
export function violations(history: History): readonly string[] {
  return Object.entries(RULES).flatMap(([id, rule]) => rule(history).map((what) => `${id}: ${what}`));
}

export function resultsOf(messages: readonly Received[]): readonly Result[] {
  return messages.flatMap((message) => {
    const value = fields(message);
    if (!('is_final' in value)) return [];
    return [
      {
        message,
        text: value['text'] as string,
        isFinal: value['is_final'] as boolean,
        offsetMs: value['offset_ms'] as number,
        stability: value['stability'] as number,
        words: (value['words'] ?? []) as readonly Word[],
      },
    ];
  });
}

export const finalsOf = (messages: readonly Received[]) =>
  resultsOf(messages).filter(({ isFinal }) => isFinal);
export const partialsOf = (messages: readonly Received[]) =>
  resultsOf(messages).filter(({ isFinal }) => !isFinal);

export const isState = (state: string) => (message: Received) => fields(message)['state'] === state;
export const isResult = (message: Received) => 'is_final' in fields(message);
export const isFinal = (message: Received) => fields(message)['is_final'] === true;
export const isError = (message: Received) => 'error' in fields(message);

/** The words of all finals on the audio clock: their text without its space, and start and end in milliseconds. */
export function heardWords(messages: readonly Received[]) {
  return finalsOf(messages).flatMap(({ offsetMs, words }) =>
    words.map(([text, startMs, endMs]) => ({
      text: text.trim(),
      startMs: offsetMs + startMs,
      endMs: offsetMs + endMs,
    })),
  );
}

/** The results of each segment, by their offset, in order of arrival. */
export function segmentsOf(messages: readonly Received[]): readonly (readonly Result[])[] {
  const segments = new Map<number, Result[]>();
  for (const result of resultsOf(messages)) {
    segments.set(result.offsetMs, [...(segments.get(result.offsetMs) ?? []), result]);
  }
  return [...segments.values()];
}

/** Sizes that a final may reach: about 15 words and about 30 s (S0:56), which the fake takes as the limits. */
const STATES = ['loading', 'listening', 'stopped'];
const MAX_WORDS = 15;
const MAX_SEGMENT_MS = 30_000;

/** One rule per requirement of the catalogue, and, with names, those that the fake's own decisions add. */
export const RULES: Readonly<Record<string, Rule>> = {
  'SX-MSG-001': each((message) => {
    return message.kind === 'text' && isObject(message.json) ? [] : ['not a text frame with one JSON object'];
  }),
  'SX-MSG-002': each((message) => {
    const kinds = ['state', 'is_final', 'error'].filter((key) => key in fields(message));
    return kinds.length === 1 ? [] : [`is of ${kinds.length} kinds`];
  }),
  schema: each((message) => {
    const parsed = serverMessage.safeParse(message.json);
    return parsed.success ? [] : [parsed.error.message];
  }),
  'SX-STATE-001': each((message) => {
    const { state } = fields(message);
    return state === undefined || typeof state === 'string' ? [] : ['the state is not a string'];
  }),
  'SX-STATE-002': each((message) => {
    const { state } = fields(message);
    return state === undefined || STATES.some((known) => known === state) ? [] : ['odd state'];
  }),
  'SX-STATE-003': ({ messages }) => never(messages, isState('listening'), isState('loading')),
  'SX-STATE-004': ({ messages }) => {
    return messages.slice(1).some(isState('loading')) ? ['loading is not the first message'] : [];
  },
  'SX-STATE-005': ({ messages }) => [
    ...never(messages, isResult, isState('loading')),
    ...never(messages, isResult, isState('listening')),
  ],
  'SX-STR-014': ({ messages }) => never(messages, isResult, isState('listening')),
  'SX-PART-001': partials(({ text }) => (typeof text === 'string' ? [] : ['text is not a string'])),
  'SX-PART-002': results(({ isFinal }) => {
    return typeof isFinal === 'boolean' ? [] : ['is_final is not a boolean'];
  }),
  'SX-PART-003': partials(({ offsetMs }) => (Number.isInteger(offsetMs) ? [] : ['offset_ms is no integer'])),
  'SX-PART-004': partials(({ stability }) => {
    return typeof stability === 'number' && stability >= 0 && stability <= 1
      ? []
      : [`stability ${stability}`];
  }),
  'SX-PART-005': partials(({ offsetMs }) => (offsetMs >= 0 ? [] : ['offset_ms is below zero'])),
  'SX-PART-006': partials(({ text }) => (text.trim() === '' ? ['text is blank'] : [])),
  'SX-PART-008': ({ messages }) => {
    return resultsOf(messages)[0]?.isFinal === true ? ['the first result is a final'] : [];
  },
  'SX-PART-009 SX-FIN-013': ({ messages }) => {
    const all = resultsOf(messages);
    return all.flatMap((result, i) => {
      const before = all[i - 1];
      const sameSegment = before !== undefined && !before.isFinal;
      return sameSegment && before.offsetMs !== result.offsetMs
        ? [`offset_ms goes from ${before.offsetMs} to ${result.offsetMs} inside a segment`]
        : [];
    });
  },
  'SX-PART-010': ({ messages }) => {
    const all = resultsOf(messages);
    return all.flatMap((result, i) => {
      const before = all[i - 1];
      return before?.isFinal === true && result.offsetMs <= before.offsetMs
        ? [`a segment at ${result.offsetMs} follows one at ${before.offsetMs}`]
        : [];
    });
  },
  'SX-PART-011 (the fake only grows)': consecutive((before, result) => {
    return result.text.startsWith(before.text)
      ? []
      : [`"${result.text}" does not go on from "${before.text}"`];
  }),
  'SX-PART-013': ({ messages }) => {
    const done = new Set<number>();
    return resultsOf(messages).flatMap(({ isFinal, offsetMs }) => {
      if (isFinal) done.add(offsetMs);
      return !isFinal && done.has(offsetMs) ? [`a partial at ${offsetMs} after its final`] : [];
    });
  },
  'SX-PART-014': ({ messages, audioMs }) => {
    return resultsOf(messages).flatMap(({ offsetMs, message }) => {
      const sentMs = audioMs?.(message.audioBytes) ?? Infinity;
      return offsetMs <= sentMs ? [] : [`offset_ms ${offsetMs} when ${sentMs} ms had been sent`];
    });
  },
  'SX-FIN-001': finals(({ text }) => (typeof text === 'string' ? [] : ['text is not a string'])),
  'SX-FIN-003': finals(({ offsetMs }) => (Number.isInteger(offsetMs) ? [] : ['offset_ms is no integer'])),
  'SX-FIN-004': each((message) => {
    const value = fields(message);
    return value['is_final'] !== true || Array.isArray(value['words']) ? [] : ['words is no array'];
  }),
  'SX-FIN-005': words((word: readonly unknown[]) => {
    return Array.isArray(word) && word.length === 4 ? [] : ['a word has not four elements'];
  }),
  'SX-FIN-006': words(([text, startMs, endMs, confidence]) => {
    const wholeMs = Number.isInteger(startMs) && Number.isInteger(endMs);
    return typeof text === 'string' && wholeMs && typeof confidence === 'number' ? [] : ['types of a word'];
  }),
  'SX-FIN-007': words(([, , , confidence]) => (confidence >= 0 && confidence <= 1 ? [] : ['odd confidence'])),
  'SX-FIN-008': words(([, startMs, endMs]) => {
    return startMs >= 0 && startMs <= endMs ? [] : [`a word from ${startMs} to ${endMs}`];
  }),
  'SX-FIN-009': finals((result) =>
    result.words.flatMap(([, startMs], i) => {
      const before = result.words[i - 1];
      return before !== undefined && startMs < before[2]
        ? [`word ${i} begins before the one before it ends`]
        : [];
    }),
  ),
  'SX-FIN-010': finals((result) => {
    return result.words
      .map(([text]) => text)
      .join('')
      .trim() === result.text
      ? []
      : ['words are not the text'];
  }),
  'SX-FIN-011 (relative to offset_ms, from its first word)': finals(({ words: [first] }) => {
    return first === undefined || first[1] === 0 ? [] : [`the first word begins at ${first[1]}`];
  }),
  'SX-FIN-012': ({ messages, audioMs }) =>
    finalsOf(messages).flatMap(({ offsetMs, words: all, message }) => {
      const endMs = offsetMs + (all.at(-1)?.[2] ?? 0);
      const sentMs = audioMs?.(message.audioBytes) ?? Infinity;
      return endMs <= sentMs ? [] : [`a word ends at ${endMs} when ${sentMs} ms had been sent`];
    }),
  'SX-FIN-014 SX-FIN-016': ({ messages }) => {
    const offsets = finalsOf(messages).map(({ offsetMs }) => offsetMs);
    return new Set(offsets).size === offsets.length ? [] : ['two finals with one offset'];
  },
  'SX-FIN-015': ({ messages }) => {
    const offsets = finalsOf(messages).map(({ offsetMs }) => offsetMs);
    return offsets.every((offset, i) => i === 0 || offset > (offsets[i - 1] ?? 0))
      ? []
      : ['finals out of order'];
  },
  'SX-FIN-017 (the fake: at most 15 words)': results(({ text }) => {
    const count = text.split(' ').length;
    return count <= MAX_WORDS ? [] : [`${count} words`];
  }),
  'SX-FIN-018 (the fake: at most 30 s)': finals(({ words: all }) => {
    const endMs = all.at(-1)?.[2] ?? 0;
    return endMs <= MAX_SEGMENT_MS ? [] : [`a segment of ${endMs} ms`];
  }),
  'SX-FIN-019': each((message) => {
    const { speaker } = fields(message);
    return speaker === undefined || typeof speaker === 'string' ? [] : ['speaker is not a string'];
  }),
  'SX-FIN-022': finals((result) => {
    return result.text.trim() === '' || result.words.length > 0 ? [] : ['a text without words'];
  }),
  'SX-FIN-023': ({ messages }) => {
    const all = finalsOf(messages);
    return all.flatMap((result, i) => {
      const before = all[i - 1];
      const endMs = (before?.offsetMs ?? 0) + (before?.words.at(-1)?.[2] ?? 0);
      return endMs <= result.offsetMs
        ? []
        : [`a segment at ${result.offsetMs} before the end of one at ${endMs}`];
    });
  },
  'SX-ERR-001': each((message) => {
    if (!isError(message)) return [];
    const { error } = fields(message);
    return typeof error === 'string' && error !== '' ? [] : ['the error is no text'];
  }),
  'SX-ERR-002': ({ messages }) => {
    const at = messages.findIndex(isError);
    return at === -1 || at === messages.length - 1 ? [] : ['something follows the error'];
  },
  'compact JSON': each((message) => {
    return JSON.stringify(message.json) === message.text ? [] : ['not compact'];
  }),
  'words are spelled as in S0:63': words(([text]) => (/^ \S+$/.test(text) ? [] : [`the word "${text}"`])),
  'every segment begins with a partial': ({ messages }) => {
    const all = resultsOf(messages);
    return all.flatMap(({ isFinal, offsetMs }, i) => {
      const first = i === 0 || all[i - 1]?.isFinal === true;
      return first && isFinal ? [`a final at ${offsetMs} without a partial`] : [];
    });
  },
  'stability begins at 0.6 and never falls (S0:79-82)': ({ messages }) =>
    segmentsOf(messages).flatMap((segment) => {
      const values = segment.filter((result) => !result.isFinal).map(({ stability }) => stability);
      const [first] = values;
      const falls = values.some((value, i) => value < (values[i - 1] ?? 0));
      return [
        ...(first === undefined || first === 0.6 ? [] : [`begins at ${first}`]),
        ...(falls ? ['falls'] : []),
      ];
    }),
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields({ json }: Received): Readonly<Record<string, unknown>> {
  return isObject(json) ? json : {};
}

function each(judge: (message: Received) => readonly string[]): Rule {
  return ({ messages }) =>
    messages.flatMap((message) => judge(message).map((what) => `${what} in ${message.text.slice(0, 200)}`));
}

function results(judge: (result: Result) => readonly string[]): Rule {
  return ({ messages }) =>
    resultsOf(messages).flatMap((result) =>
      judge(result).map((what) => `${what} in ${result.message.text.slice(0, 200)}`),
    );
}

function partials(judge: (result: Result) => readonly string[]): Rule {
  return results((result) => (result.isFinal ? [] : judge(result)));
}

function finals(judge: (result: Result) => readonly string[]): Rule {
  return results((result) => (result.isFinal ? judge(result) : []));
}

function words(judge: (word: Word) => readonly string[]): Rule {
  return finals((result) => result.words.flatMap(judge));
}

/** Judges a result against the one before it in the same segment. */
function consecutive(judge: (before: Result, result: Result) => readonly string[]): Rule {
  return ({ messages }) =>
    segmentsOf(messages).flatMap((segment) =>
      segment.flatMap((result, i) => {
        const before = segment[i - 1];
        return before === undefined ? [] : judge(before, result);
      }),
    );
}

/** Requires that no message that `late` matches comes after one that `early` matches. */
function never(
  messages: readonly Received[],
  early: (message: Received) => boolean,
  late: (message: Received) => boolean,
): readonly string[] {
  const at = messages.findIndex(early);
  const found = at === -1 ? undefined : messages.slice(at + 1).find(late);
  return found === undefined ? [] : [`${found.text} came after ${messages[at]?.text.slice(0, 200) ?? ''}`];
}
