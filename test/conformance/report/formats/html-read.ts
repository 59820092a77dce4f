/** An HTML start tag as a browser would read it in a page that is written like ours. */
export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const TAG = /<(\/?)([a-z][a-z0-9]*|!doctype html)((?:\s+[a-zA-Z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*)\s*(\/?)>/y;
/** Their contents are not escaped text. */
const RAW = ['style', 'script'];
/** Elements without an end tag. */
const VOID = ['meta', 'input', '!doctype html'];

/**
 * The tags of a page and the text between them. Throws at every `<` that does not begin a plain tag with quoted
 * attributes, and at every tag that does not end where it should.
 */
export function readHtml(source: string): { readonly tags: readonly Tag[]; readonly text: string } {
  const tags: Tag[] = [];
  const open: string[] = [];
  let text = '';
  let at = 0;
  while (at < source.length) {
    const next = source.indexOf('<', at);
    if (next < 0) {
      text += source.slice(at);
      break;
    }
    text += source.slice(at, next);
    TAG.lastIndex = next;
    const found = TAG.exec(source);
    if (found === null) throw new Error(`no tag of ours at ${next}: ${source.slice(next, next + 60)}`);
    const [whole, slash, name = '', rest = '', selfClosing] = found;
    at = next + whole.length;
    if (slash === '/') {
      const opened = open.pop();
      if (opened !== name) throw new Error(`</${name}> ends <${opened ?? 'nothing'}> at ${next}`);
      continue;
    }
    tags.push({ name, attributes: attributesOf(rest) });
    if (VOID.includes(name) || selfClosing === '/') continue;
    open.push(name);
    if (RAW.includes(name)) {
      at = source.indexOf(`</${name}>`, at);
      if (at < 0) throw new Error(`<${name}> has no end`);
    }
  }
  if (open.length > 0) throw new Error(`<${open.join('> <')}> have no end`);
  return { tags, text };
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"]*)")?/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
}
