/**
 * Removes the given characters from the end of a text. A pattern such as `/\/+$/` starts again at every slash of a long
 * run, and so takes time that grows with the square of its length.
 */
export function withoutTrailing(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
