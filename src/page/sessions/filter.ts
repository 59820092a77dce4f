import type { CallRow, SessionRow, World } from '../world.ts';

/** A kind of row that can be shown by itself. */
export type Kind = 'open' | 'ended' | 'refused' | 'calls';

/** Which rows are shown. */
export interface Filter {
  /** Undefined for all kinds. */
  readonly kind: Kind | undefined;
  readonly text: string;
}

/** A connection, or a refused upgrade or call. */
export type Row = { readonly session: SessionRow } | { readonly call: CallRow };

/** The rows that pass a filter, the newest first. */
export function rowsOf({ sessions, calls }: World, { kind, text }: Filter): readonly Row[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const fits = (parts: readonly (string | number | undefined)[]) => {
    const all = parts.join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const rows: { readonly atMs: number; readonly row: Row }[] = [];
  for (const session of sessions.values()) {
    const { id, life, edition, scenario, language, code, openedMs } = session;
    if (kind !== undefined && kind !== (code === undefined ? 'open' : 'ended')) continue;
    if (fits([id, life, edition, scenario, language, code])) rows.push({ atMs: openedMs, row: { session } });
  }
  for (const each of calls.values()) {
    const { id, method, path, status, atMs } = each;
    if (kind !== undefined && kind !== (each.kind === 'refused' ? 'refused' : 'calls')) continue;
    if (fits([id, method, path, status])) rows.push({ atMs, row: { call: each } });
  }
  // Of two rows with the same time, the later one comes first.
  return rows
    .reverse()
    .sort((a, b) => b.atMs - a.atMs)
    .map(({ row }) => row);
}

/** How many rows there are of each kind. */
export function countsOf({ sessions, calls }: World): Readonly<Record<Kind, number>> {
  let [open, refused] = [0, 0];
  for (const { code } of sessions.values()) if (code === undefined) open += 1;
  for (const { kind } of calls.values()) if (kind === 'refused') refused += 1;
  return { open, ended: sessions.size - open, refused, calls: calls.size - refused };
}
