/** Whether a path is the documented one, perhaps with the prefix of a proxy, but without an extra slash. */
export function isAtPath(path: string, documented: string): boolean {
  return path.endsWith(documented) && !path.slice(0, -documented.length).endsWith('/');
}
