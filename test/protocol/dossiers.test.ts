import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import * as reson8 from '../../src/protocol/reson8/reson8.ts';
import * as scriptix from '../../src/protocol/scriptix/scriptix.ts';
import { DOCUMENTS } from '../../src/protocol/documents.ts';
import { SAMPLES, accepts } from './kinds.ts';
import { EVERY_FLAGS } from './samples.ts';

const PROTOCOL = new URL('../../src/protocol/', import.meta.url);

/** The number of lines of each document. */
const LINE_COUNTS = [86, 51, 137, 170, 134];

type Schemas = Readonly<Record<string, readonly z.ZodType[]>>;

const SCRIPTIX: Schemas = {
  start: [scriptix.startCommand],
  stop: [scriptix.stopCommand],
  state: [scriptix.stateMessage],
  partial: [scriptix.partialResult],
  final: [scriptix.finalResult],
  error: [scriptix.errorMessage],
  initialize: [scriptix.initializeBody],
  status: [scriptix.statusBody],
  'rest error': [scriptix.errorBody],
};

const RESON8: Schemas = {
  'flush request': [reson8.flushRequest],
  transcript: EVERY_FLAGS.map(reson8.transcriptSchema),
  'flush confirmation': [reson8.flushConfirmation],
  'assumed error': [reson8.assumedError],
  'http error': [reson8.errorBody],
};

/** The kinds that each example of a dossier fits, in the order of its pages. */
const EXAMPLES: Readonly<Record<string, { readonly schemas: Schemas; readonly fits: readonly string[][] }>> =
  {
    scriptix: {
      schemas: SCRIPTIX,
      fits: [
        ['state'],
        ['state'],
        ['partial'],
        ['final'],
        ['error'],
        ['start'],
        ['stop'],
        ['initialize', 'status'],
        ['status'],
        ['rest error'],
      ],
    },
    reson8: {
      schemas: RESON8,
      fits: [
        ['flush request'],
        ['transcript'],
        ['transcript'],
        ['transcript'],
        ['flush confirmation'],
        ['flush confirmation'],
        // An in-band error has the fields of the HTTP body, and a type in addition.
        ['assumed error', 'http error'],
        // It has the fields of newer pages.
        ['transcript'],
        ['http error'],
      ],
    },
  };

/** The questions that the documents leave open, by number. */
const QUESTIONS: Readonly<Record<string, readonly number[]>> = {
  scriptix: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 19, 20, 21, 22, 23, 24, 25, 26],
  reson8: [13, 14, 15, 16, 17, 18],
};

describe.each(Object.keys(EXAMPLES))('the dossier of %s', (dialect) => {
  const dossier = dossierOf(dialect);
  const examples = examplesIn(dossier);

  it('has an example of every message, which the schemas accept', () => {
    const { schemas = {}, fits } = EXAMPLES[dialect] ?? {};
    expect(
      examples.map((example) =>
        Object.keys(schemas).filter((kind) => schemas[kind]?.some((schema) => accepts(schema, example))),
      ),
    ).toEqual(fits);
  });

  it('has its own examples, with other texts than the documents', () => {
    const texts = examples.map(textOf).filter((text) => text !== undefined);
    expect(texts.length).toBeGreaterThanOrEqual(2);

    const printed = SAMPLES.map(({ message }) => textOf(message));
    expect(texts.filter((text) => printed.includes(text))).toEqual([]);
  });

  it('says what the fake does in every case that the documents leave open', () => {
    const answers = dossier.split(/^- (?=\*\*A\d)/m).slice(1);
    expect(answers.map((answer) => Number(/^\*\*A(\d+)/.exec(answer)?.[1]))).toEqual(QUESTIONS[dialect]);

    for (const answer of answers) {
      const [ownParagraphs = ''] = answer.split('\n## ');
      expect(ownParagraphs).toMatch(/\bS\d:\d+/);
      expect(ownParagraphs).toContain('**Fake:**');
    }
  });
});

describe('every reference to a document', () => {
  const files = readdirSync(PROTOCOL, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(ts|md)$/.test(name),
  );

  it.each(files)('is to a line that exists: %s', (name) => {
    const text = readFileSync(new URL(name, PROTOCOL), 'utf8');
    for (const [reference, document, lines = ''] of text.matchAll(/\bS(\d):(\d+(?:[-,]\d+)*)/g)) {
      const last = LINE_COUNTS[Number(document)] ?? 0;
      for (const range of lines.split(',')) {
        const [from = 0, to = from] = range.split('-').map(Number);
        expect(1 <= from && from <= to && to <= last, `${reference} in ${name}`).toBe(true);
      }
    }
  });

  it('can be looked up: the dossiers link each page by its title', () => {
    const dossiers = ['scriptix', 'reson8'].map(dossierOf).join('\n');
    const pages = [...DOCUMENTS].filter(([name]) => /^S\d$/.test(name));

    expect(pages).toHaveLength(LINE_COUNTS.length);

    for (const [name, { title, url }] of pages) {
      const ofPage = title.slice(title.indexOf(', ') + 2);
      expect(dossiers, name).toContain(`[${ofPage}](${url})`);
    }
  });

  it('occurs in both dossiers many times', () => {
    for (const [dialect, least] of [
      ['scriptix', 100],
      ['reson8', 40],
    ] as const) {
      expect(dossierOf(dialect).match(/\bS\d:\d+/g)?.length).toBeGreaterThan(least);
    }
  });
});

/** The pages of a dossier: the README, then the others by name. */
function dossierOf(dialect: string): string {
  const folder = new URL(`${dialect}/`, PROTOCOL);
  const others = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return ['README.md', ...others.sort()]
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
}

/** The fenced JSON blocks of a Markdown text. Throws for one that does not parse. */
function examplesIn(markdown: string): unknown[] {
  return [...markdown.matchAll(/^```json\n(.*?)^```$/gms)].map(([, json = '']): unknown => JSON.parse(json));
}

function textOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'text' in message ? message.text : undefined;
}
