/** An element of XML. `text` is all text directly in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** The characters that XML 1.0 allows. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const NAME = /^[A-Za-z][\w.-]*/;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * A strict reader of the XML that we write: elements, quoted attributes, text, entities. Comments, CDATA and DTDs are
 * refused, because our files have none. Debian's tests read the same with another parser.
 */
export function parseXml(source: string): XmlElement {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!source.startsWith(declaration)) throw new Error('no declaration');
  const forbidden = FORBIDDEN.exec(source);
  if (forbidden !== null) throw new Error(`character ${forbidden[0].charCodeAt(0)} at ${forbidden.index}`);
  let at = declaration.length;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${at}: ${source.slice(at, at + 40)}`);
  };
  const take = (pattern: RegExp, what: string): string => {
    const [found] = pattern.exec(source.slice(at, at + 200_000)) ?? fail(what);
    at += found.length;
    return found;
  };
  const element = (): XmlElement => {
    take(/^</, 'expected <');
    const name = take(NAME, 'expected a name');
    const attributes: Record<string, string> = {};
    while (source[at] === ' ') {
      take(/^ +/, 'expected a space');
      const key = take(NAME, 'expected an attribute');
      if (Object.hasOwn(attributes, key)) fail(`${key} is there twice`);
      attributes[key] = decoded(take(/^="[^"<]*"/, 'expected a quoted value').slice(2, -1));
    }
    if (source.startsWith('/>', at)) {
      at += 2;
      return { name, attributes, children: [], text: '' };
    }
    take(/^>/, 'expected >');
    const children: XmlElement[] = [];
    let text = '';
    while (!source.startsWith('</', at)) {
      if (at >= source.length) fail(`${name} has no end`);
      if (source[at] === '<') children.push(element());
      else text += decoded(take(/^[^<]+/, 'expected text'));
    }
    take(new RegExp(`^</${name}>`), `expected the end of ${name}`);
    return { name, attributes, children, text };
  };
  const root = element();
  if (source.slice(at).trim() !== '') fail('more after the end');
  return root;
}

function decoded(text: string): string {
  if (text.includes(']]>')) throw new Error('"]]>" in text');
  return text.replace(/&([^;]{0,10};?)/g, (_all, entity: string) => {
    const name = entity.slice(0, -1);
    const found = /^#\d+;$/.test(entity) ? String.fromCodePoint(Number(name.slice(1))) : NAMED[name];
    if (!entity.endsWith(';') || found === undefined) throw new Error(`unknown entity &${entity}`);
    return found;
  });
}
