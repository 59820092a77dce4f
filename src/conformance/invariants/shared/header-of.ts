/** The value of a header, whatever the case of its name (RFC 9110 §5.1); empty if it is absent. */
export function headerOf(headers: Readonly<Record<string, string>> | undefined, name: string): string {
  return Object.entries(headers ?? {}).find(([each]) => each.toLowerCase() === name)?.[1] ?? '';
}
