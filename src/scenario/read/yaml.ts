import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  parseDocument,
  visit,
  type Document,
  type LineCounter,
  type YAMLError,
} from 'yaml';
import type { Path } from '../explain/mistake.ts';

/** A reason why a text is not YAML, or not what its author sees in it. */
export interface YamlFault {
  readonly offset: number;
  readonly message: string;
  /** What is in doubt because of it; without a path, that is everything. */
  readonly path?: Path;
}

/** A document, and what is wrong with it. */
export interface ParsedYaml {
  readonly document: Document;
  /** Undefined if everything is in doubt. */
  readonly value: unknown;
  readonly faults: readonly YamlFault[];
}

/** With aliases, a file of a few lines can expand to gigabytes. */
const MOST_ALIASES = 100;
/** To resolve an alias, the parser goes through the whole document. */
const MOST_ALIAS_PLACES = 1000;
/** Deeper than any message or list of steps. */
const DEEPEST = 64;
const TOO_DEEP = `nested too deeply: expected at most ${DEEPEST} levels`;
/** Every value has to be checked. */
const MOST_VALUES = 10_000;
const TOO_MANY = `expected at most ${MOST_VALUES} values`;

/** Words, signs, spaces and ends of lines. Each costs the parser time, and may be a fault of its own. */
const MOST_TOKENS = 100_000;
const TOO_LONG = `expected at most ${MOST_TOKENS} words, signs and ends of lines in a file`;

/** Parses one YAML document, and describes its faults in words that do not require the YAML specification. */
export function parseYaml(text: string, lineCounter: LineCounter): ParsedYaml {
  let document: Document = parseDocument('');
  const failed = (faults: readonly YamlFault[]): ParsedYaml => ({ document, value: undefined, faults });
  const deep = [{ offset: 0, message: TOO_DEEP }];
  const long = tokenFault(text, lineCounter);
  if (long !== undefined) return failed([long]);
  try {
    // The parser's own search for duplicate keys takes time that grows with the square of their number.
    document = parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      uniqueKeys: false,
      resolveKnownTags: false,
    });
    // Everything after the first fault is misunderstood because of it.
    const [first] = [...document.errors, ...document.warnings];
    if (first !== undefined) return failed([faultOf(first)]);
    const many = lengthFault(document);
    if (many !== undefined) return failed([many]);
    const wrong = [...wrongKeys(document.contents, [], lineCounter)];
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    const { levels, values } = extentOf(value);
    if (levels > DEEPEST) return failed(deep);
    if (values > MOST_VALUES) return failed([{ offset: 0, message: TOO_MANY }]);
    return { document, value, faults: wrong };
  } catch (error) {
    // Converting the document to values also recurses.
    if (error instanceof RangeError) return failed(deep);
    if (!(error instanceof ReferenceError)) throw error;
    return failed([aliasFault(document, error)]);
  }
}

/** What to do about the most common faults. */
const ADVICE: Readonly<Record<string, string>> = {
  BAD_DQ_ESCAPE: 'a backslash that does not begin an escape: in double quotes, write it twice',
  BAD_INDENT: 'indented differently from what is above it: what belongs together begins in the same column',
  BAD_SCALAR_START: 'a text cannot begin with this character: put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a colon inside a value: put a text with a colon in quotes, or begin the next line in the column of this one',
  BLOCK_IN_FLOW: 'inside { } and [ ], entries are separated by commas and have no dashes',
  MISSING_CHAR: 'expected a colon after this key',
  MULTILINE_IMPLICIT_KEY: 'expected "key: value" on one line, in the column of the lines around it',
  MULTIPLE_DOCS: 'a second document: a file has one scenario',
  // The parser recurses at every level, and reports that there were too many.
  RESOURCE_EXHAUSTION: TOO_DEEP,
  TAB_AS_INDENT: 'a tab: YAML is indented with spaces',
  TAG_RESOLVE_FAILED: 'a tag (!name) that means nothing here: leave it out, or put the text in quotes',
  UNEXPECTED_TOKEN: 'more after the end of a value: quotes, a comma or the right indentation may be missing',
};

function faultOf({ code, message, pos }: YAMLError): YamlFault {
  const offset = pos[0];
  const [, bracket] = /end with a ([\]}])/.exec(message) ?? [];
  if (bracket !== undefined) {
    const opening = bracket === ']' ? '[' : '{';
    return { offset, message: `expected ${bracket} before this: a ${opening} is not closed` };
  }
  const [, quote] = /Missing closing (["'])/.exec(message) ?? [];
  if (quote !== undefined) return { offset, message: `expected ${quote} before this: a text is not closed` };
  if (message.startsWith('A block sequence')) return { offset, message: ADVICE['BAD_INDENT'] ?? message };
  return { offset, message: ADVICE[code] ?? `not YAML: ${message}` };
}

/** Rejects texts that would take too long to parse. */
function tokenFault(text: string, lines: LineCounter): YamlFault | undefined {
  if (text.length <= MOST_TOKENS) return undefined;
  let [tokens, levels, offset] = [0, 0, 0];
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (token === '[' || token === '{') levels += 1;
    if (token === ']' || token === '}') levels = Math.max(0, levels - 1);
    if (tokens > MOST_TOKENS || levels > DEEPEST) {
      countLines(text.slice(0, offset), lines);
      return { offset, message: levels > DEEPEST ? TOO_DEEP : TOO_LONG };
    }
    if (!MARKS.has(token)) offset += token.length;
  }
  return undefined;
}

/** The parser counts lines only as far as it reads. */
function countLines(text: string, lines: LineCounter): void {
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
}

/** Tokens that are not in the text: the beginning of a document, the end of a flow, a scalar. */
const MARKS: ReadonlySet<string> = new Set(['\x02', '\x18', '\x1f']);

/** Documents that would take too long to convert to values. A value is a node, and so is its key. */
function lengthFault(document: Document): YamlFault | undefined {
  let fault: YamlFault | undefined;
  let [nodes, aliases] = [0, 0];
  visit(document, {
    Node(_key, { range }) {
      nodes += 1;
      if (nodes <= 2 * MOST_VALUES) return undefined;
      fault = { offset: range?.[0] ?? 0, message: TOO_MANY };
      return visit.BREAK;
    },
    Alias(_key, { range }) {
      nodes += 1;
      aliases += 1;
      if (aliases <= MOST_ALIAS_PLACES) return undefined;
      const message = `one alias (*name) too many: expected at most ${MOST_ALIAS_PLACES}`;
      fault = { offset: range?.[0] ?? 0, message };
      return visit.BREAK;
    },
  });
  return fault;
}

/** Keys that are given twice, of which the last counts; and those that are not a text, which are removed. */
function* wrongKeys(node: unknown, path: Path, lines: LineCounter): Generator<YamlFault> {
  if (isSeq(node)) {
    for (const [i, item] of node.items.entries()) yield* wrongKeys(item, [...path, i], lines);
  }
  if (!isMap(node)) return;
  const seen = new Map<string, number>();
  for (const { key, value } of node.items) {
    if (!isScalar(key) || key.range == null) {
      const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0;
      yield { offset, message: 'expected a text as a key', path };
      continue;
    }
    const name = String(key.value);
    const own = [...path, name];
    const first = seen.get(name);
    if (first === undefined) seen.set(name, key.range[0]);
    else {
      const message = `"${name}" is given twice: it is already on line ${lines.linePos(first).line}`;
      yield { offset: key.range[0], message, path: own };
    }
    yield* wrongKeys(value, own, lines);
  }
  node.items = node.items.filter(({ key }) => isScalar(key));
}

interface Extent {
  readonly levels: number;
  readonly values: number;
}

/** The depth and size of a value, with aliases expanded; one that contains itself is infinite. */
function extentOf(root: unknown): Extent {
  const extents = new Map<object, Extent>();
  const measure = (value: unknown): Extent => {
    if (typeof value !== 'object' || value === null) return { levels: 0, values: 1 };
    const known = extents.get(value);
    if (known !== undefined) return known;
    extents.set(value, { levels: Infinity, values: Infinity });
    let levels = 0;
    let values = 1;
    for (const inner of Object.values(value).map(measure)) {
      levels = Math.max(levels, inner.levels);
      values += inner.values;
    }
    const extent = { levels: levels + 1, values };
    extents.set(value, extent);
    return extent;
  };
  return measure(root);
}

function aliasFault(document: Document, error: ReferenceError): YamlFault {
  const [, unknown] = /^Unresolved alias .*: (.+)$/.exec(error.message) ?? [];
  let offset: number | undefined;
  visit(document, {
    Alias(_key, { source, range }) {
      if (unknown !== undefined && source !== unknown) return undefined;
      offset = range?.[0];
      return visit.BREAK;
    },
  });
  const message =
    unknown === undefined
      ? `more than ${MOST_ALIASES} values through aliases (*name): write them out`
      : `*${unknown} refers to nothing: put the text in quotes, or mark a value above it with &${unknown}`;
  return { offset: offset ?? 0, message };
}
