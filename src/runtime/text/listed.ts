/** Names in a sentence: `a, b or c`. */
export function listed(names: readonly string[], last: 'or' | 'and' = 'or'): string {
  const end = names.at(-1) ?? '';
  return names.length < 2 ? end : `${names.slice(0, -1).join(', ')} ${last} ${end}`;
}
