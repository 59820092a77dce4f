/** A header, whatever the case that its name was written in (RFC 9110 §5.1); empty when it is not there. */
export function headerOf(headers: Readonly<Record<string, string>> | undefined, name: string): string {
  return Object.entries(headers ?? {}).find(([each]) => each.toLowerCase() === name)?.[1] ?? '';
}
