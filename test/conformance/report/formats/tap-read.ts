import { parse } from 'yaml';

/** A test point of TAP 14. */
export interface TestPoint {
  readonly ok: boolean;
  readonly number: number;
  readonly description: string;
  readonly directive: { readonly kind: 'SKIP' | 'TODO'; readonly reason: string } | undefined;
  readonly diagnostics: unknown;
}

/** Reads TAP 14 by its grammar, and throws at anything else. */
export function readTap(source: string): readonly TestPoint[] {
  if (!source.endsWith('\n')) throw new Error('the last line has no end');
  const lines = source.slice(0, -1).split('\n');
  if (lines[0] !== 'TAP version 14') throw new Error('no version');
  const [, planned = ''] = /^1\.\.(\d+)$/.exec(lines[1] ?? '') ?? [];
  const points: TestPoint[] = [];
  for (let i = 2; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line.startsWith('# ')) continue;
    const [, no, number = '', rest = ''] = /^(not )?ok (\d+) - (.*)$/.exec(line) ?? [];
    if (number === '') throw new Error(`line ${i + 1} is no part of TAP: ${line}`);
    let diagnostics: unknown;
    if (lines[i + 1] === '  ---') {
      const end = lines.indexOf('  ...', i + 1);
      if (end < 0) throw new Error('a block without end');
      const block = lines.slice(i + 2, end);
      if (!block.every((each) => each.startsWith('  '))) throw new Error('a block that is not indented');
      diagnostics = parse(block.join('\n'));
      i = end;
    }
    points.push({ ok: no === undefined, number: Number(number), diagnostics, ...read(rest) });
  }
  if (points.length !== Number(planned)) throw new Error(`${planned} planned, ${points.length} there`);
  if (points.some((point, i) => point.number !== i + 1)) throw new Error('numbers are not in order');
  return points;
}

/** A description and a directive, which begins at the first `#` that is not escaped and follows a space. */
function read(text: string): Pick<TestPoint, 'description' | 'directive'> {
  const [, description = '', kind, reason = ''] =
    /^((?:[^\\#]|\\.)*?)(?: # (SKIP|TODO) (.*))?$/.exec(text) ?? [];
  const plain = (escaped: string) => escaped.replace(/\\(.)/g, '$1');
  if (/(?<!\\)(?:\\\\)*#/.test(kind === undefined ? text : description)) throw new Error(`a bare #: ${text}`);
  return {
    description: plain(description),
    directive: kind === 'SKIP' || kind === 'TODO' ? { kind, reason: plain(reason) } : undefined,
  };
}
