/** Whether a path is the documented one, perhaps behind that of a proxy; but not behind a slash too many. */
export function isAtPath(path: string, documented: string): boolean {
  return path.endsWith(documented) && !path.slice(0, -documented.length).endsWith('/');
}
